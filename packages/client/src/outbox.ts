/** A message that is stored until the chat has it. */
export interface OutboxEntry {
  readonly id: string;
  readonly channel: string;
  readonly data: string;
  readonly replyTo?: string | undefined;
  readonly mentions?: readonly string[] | undefined;
  /** In epoch milliseconds. */
  readonly createdAt: number;
  /** The session that sends it. */
  readonly owner: string;
  /** Where the history has to be searched for it before it is sent again. Undefined: it has not been sent yet. */
  readonly after?: string | undefined;
}

/**
 * Where a session keeps messages until the chat has them, so that they survive a reload. `indexedDbOutbox` and
 * `localStorageOutbox` make one; an application can bring its own.
 */
export interface OutboxStore {
  /** The same for all sessions that share the store, such as those of several tabs. */
  readonly name: string;
  /** All entries, in any order. */
  load(): Promise<readonly OutboxEntry[]>;
  /** Adds an entry, or replaces the one with the same id. */
  put(entry: OutboxEntry): Promise<void>;
  delete(id: string): Promise<void>;
}

interface WebStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * An outbox in `localStorage`. Use a name with the id of the user, so that nobody sends the messages of another user of the
 * same browser.
 */
export function localStorageOutbox(name: string): OutboxStore {
  // Each entry has its own key: two tabs never overwrite each other's entries.
  const prefix = `${name}:`;
  const storage = (): WebStorage => (globalThis as unknown as { localStorage: WebStorage }).localStorage;
  return {
    name,
    async load() {
      const keys = Array.from({ length: storage().length }, (_, index) => storage().key(index) ?? "");
      return keys
        .filter((key) => key.startsWith(prefix))
        .map((key): OutboxEntry => JSON.parse(storage().getItem(key) ?? "null"));
    },
    async put(entry) {
      storage().setItem(prefix + entry.id, JSON.stringify(entry));
    },
    async delete(id) {
      storage().removeItem(prefix + id);
    },
  };
}

/* The part of IndexedDB that is used. The types of browsers are not available to programs for Node. */
interface IdbRequest<Result> {
  readonly result: Result;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}
interface IdbStore {
  getAll(): IdbRequest<OutboxEntry[]>;
  put(entry: OutboxEntry): IdbRequest<unknown>;
  delete(id: string): IdbRequest<unknown>;
}
interface IdbTransaction {
  readonly error: unknown;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  objectStore(name: string): IdbStore;
}
interface IdbDatabase {
  createObjectStore(name: string, options: { readonly keyPath: string }): unknown;
  transaction(name: string, mode: "readonly" | "readwrite"): IdbTransaction;
}
interface IdbFactory {
  open(name: string, version: number): IdbRequest<IdbDatabase> & { onupgradeneeded: (() => void) | null };
}

const MESSAGES = "messages";

/**
 * An outbox in IndexedDB, in a database with this name. Use a name with the id of the user, so that nobody sends the messages
 * of another user of the same browser.
 */
export function indexedDbOutbox(name: string): OutboxStore {
  let opening: Promise<IdbDatabase> | undefined;
  const open = (): Promise<IdbDatabase> =>
    new Promise((resolve, reject) => {
      const request = (globalThis as unknown as { indexedDB: IdbFactory }).indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(MESSAGES, { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  /** Resolves once the transaction is complete: before that, a request can still be rolled back. */
  async function run<Result>(
    mode: "readonly" | "readwrite",
    act: (store: IdbStore) => IdbRequest<Result>,
  ): Promise<Result> {
    opening ??= open();
    const database = await opening;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(MESSAGES, mode);
      const request = act(transaction.objectStore(MESSAGES));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }
  return {
    name,
    load: () => run("readonly", (store) => store.getAll()),
    put: async (entry) => void (await run("readwrite", (store) => store.put(entry))),
    delete: async (id) => void (await run("readwrite", (store) => store.delete(id))),
  };
}
