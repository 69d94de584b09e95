import type { UserStorage } from "./user-storage.ts";

/** The id of the latest message that the user has read, by conversation. Compares ids only: the user's clock can be wrong. */
export class ReadMarks {
  readonly #storage: UserStorage;
  readonly #marks: Record<string, string>;

  constructor(storage: UserStorage) {
    this.#storage = storage;
    this.#marks = storage.read("read", {});
  }

  /** The history of a channel from before the first visit counts as read. A direct message without a mark is new. */
  isUnread(key: string, id: string): boolean {
    const mark = this.#marks[key];
    return mark === undefined ? !key.startsWith("#") : id > mark;
  }

  mark(key: string, id: string): void {
    this.#marks[key] = id;
    this.#storage.write("read", this.#marks);
  }

  /** Marks a channel at the first visit: all later messages are unread. `lastId` is undefined if it has no messages. */
  begin(key: string, lastId: string | undefined): void {
    if (this.#marks[key] === undefined) this.mark(key, lastId ?? "");
  }
}
