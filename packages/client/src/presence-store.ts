import type { ChatError } from "./chat-error.ts";
import type { PresenceEvent } from "./events.ts";
import type { Session } from "./session.ts";
import { Store } from "./store.ts";

/** The members of a channel as an application shows them. */
export interface PresenceView {
  readonly status: "loading" | "ready" | "failed";
  readonly error: ChatError | undefined;
  /** In alphabetical order. */
  readonly members: readonly string[];
  /** False if the channel has more members than are listed. */
  readonly isComplete: boolean;
}

/** The chat sends no presence in large channels, so a longer list would soon be outdated. */
const MEMBERS_MAX = 1000;

/**
 * Keeps the members of a channel up to date, from its creation until the session ends. In lasting channels, the chat sends no
 * presence when users connect or disconnect: the list has the members at the last connect, with later joins and leaves.
 */
export class PresenceStore extends Store<PresenceView> {
  readonly #session: Session;
  readonly #channel: string;
  #members = new Set<string>();
  /** Changes that arrive while the members are being read. They are applied again afterwards. */
  #changes: PresenceEvent[] | undefined;

  constructor(session: Session, channel: string) {
    super({ status: "loading", error: undefined, members: [], isComplete: true });
    this.#session = session;
    this.#channel = channel;
    session.on("presence", (event) => {
      if (event.channel !== channel) return;
      this.#changes?.push(event);
      this.#apply(event);
      this.#update({});
    });
    // The chat sends no presence about this user, and none while there is no connection.
    session.on("user", () => void this.#load());
    session.on("state", ({ status }) => status === "online" && void this.#load());
    void this.#load();
  }

  async #load(): Promise<void> {
    if (this.#changes) return;
    this.#changes = [];
    try {
      const { members, isComplete } = await this.#read();
      this.#members = members;
      for (const event of this.#changes) this.#apply(event);
      this.#update({ status: "ready", error: undefined, isComplete });
    } catch (error) {
      this.#update({ status: "failed", error: error as ChatError });
    }
    this.#changes = undefined;
  }

  async #read(): Promise<{ readonly members: Set<string>; readonly isComplete: boolean }> {
    const members = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const page = await this.#session.members(this.#channel, cursor === undefined ? {} : { cursor });
      for (const member of page.members) members.add(member);
      cursor = page.cursor;
      if (cursor === undefined || members.size >= MEMBERS_MAX) return { members, isComplete: cursor === undefined };
    }
  }

  #apply(event: PresenceEvent): void {
    if (event.type === "named") this.#members.delete(event.before);
    if (event.type === "left") this.#members.delete(event.user);
    else this.#members.add(event.user);
  }

  #update(change: Partial<PresenceView>): void {
    const members = [...this.#members].sort((one, other) => one.localeCompare(other));
    this.set({ ...this.get(), ...change, members });
  }
}
