/**
 * What the page remembers of a user. Guests and development users are remembered by tab, so that two tabs can be two users;
 * others by browser.
 */
export class UserStorage {
  /** Distinguishes users of this browser. */
  readonly id: string;
  readonly #storage: Storage;

  constructor(userId: string | undefined) {
    this.#storage = userId === undefined ? sessionStorage : localStorage;
    this.id = userId ?? tabId();
  }

  read<Value>(name: string, otherwise: Value): Value {
    const text = this.#storage.getItem(this.#key(name));
    return text === null ? otherwise : JSON.parse(text);
  }

  write(name: string, value: unknown): void {
    this.#storage.setItem(this.#key(name), JSON.stringify(value));
  }

  /** Forgets the user, for example because somebody else can use this browser next. */
  forget(): void {
    const keys = Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index) ?? "");
    for (const key of keys) if (key.startsWith(this.#key(""))) this.#storage.removeItem(key);
    sessionStorage.removeItem(TAB_KEY);
  }

  #key(name: string): string {
    return `chat.${this.id}.${name}`;
  }
}

const TAB_KEY = "chat.tab";

function tabId(): string {
  const known = sessionStorage.getItem(TAB_KEY);
  if (known !== null) return known;
  // `crypto.randomUUID` exists only on secure pages.
  const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(36)).join("");
  sessionStorage.setItem(TAB_KEY, id);
  return id;
}
