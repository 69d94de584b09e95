/**
 * What the page remembers of a user. Guests and development users are remembered by tab, so that two tabs can be two users;
 * others by browser. Values that the browser does not store, because its storage is disabled or full, last until a reload.
 */
export class UserStorage {
  /** Distinguishes users of this browser. */
  readonly id: string;
  readonly #storage: Storage | undefined;
  /** The values that the browser does not store. */
  readonly #unstored = new Map<string, string>();

  constructor(userId: string | undefined) {
    this.#storage = storageOf(userId === undefined ? "sessionStorage" : "localStorage");
    this.id = userId ?? tabId();
  }

  read<Value>(name: string, otherwise: Value): Value {
    const key = this.#key(name);
    try {
      const text = this.#unstored.get(key) ?? this.#storage?.getItem(key) ?? undefined;
      return text === undefined ? otherwise : JSON.parse(text);
    } catch {
      // Somebody has edited the value.
      return otherwise;
    }
  }

  write(name: string, value: unknown): void {
    const key = this.#key(name);
    const text = JSON.stringify(value);
    if (store(this.#storage, key, text)) this.#unstored.delete(key);
    else this.#unstored.set(key, text);
  }

  /** Forgets the user, for example because somebody else can use this browser next. */
  forget(): void {
    this.#unstored.clear();
    const storage = this.#storage;
    const keys = Array.from({ length: storage?.length ?? 0 }, (_, index) => storage?.key(index) ?? "");
    for (const key of keys) if (key.startsWith(this.#key(""))) storage?.removeItem(key);
    storageOf("sessionStorage")?.removeItem(TAB_KEY);
  }

  #key(name: string): string {
    return `chat.${this.id}.${name}`;
  }
}

const TAB_KEY = "chat.tab";

function tabId(): string {
  const storage = storageOf("sessionStorage");
  const known = storage?.getItem(TAB_KEY);
  if (known) return known;
  // `crypto.randomUUID` exists only on secure pages.
  const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(36)).join("");
  store(storage, TAB_KEY, id);
  return id;
}

/** Undefined if the user has disabled it: then even access to the property throws. */
function storageOf(kind: "sessionStorage" | "localStorage"): Storage | undefined {
  try {
    return globalThis[kind];
  } catch {
    return undefined;
  }
}

/** Returns false if the storage is disabled or full. */
function store(storage: Storage | undefined, key: string, text: string): boolean {
  try {
    storage?.setItem(key, text);
    return storage !== undefined;
  } catch {
    return false;
  }
}
