import type { HistoryPage, Session, SessionEvents } from "@serverless-chat/client";
import { expect } from "chai";
import { chatMessageOf } from "../../../web/model/chunks.ts";
import { INITIAL_STATE, withChannels } from "../../../web/state/chat-state.ts";
import { loadOlder } from "../../../web/state/load.ts";
import { Store } from "../../../web/state/store.ts";

const message = (id: string): HistoryPage["messages"][number] => ({
  ...{ type: "message", channel: "lobby", id, from: "ben", data: `text ${id}`, at: "2026-01-01T12:00:00.000Z" },
});

const counted = (revision: number) => ({ counts: [{ emoji: "👍", count: revision }], revision });

/** The events of a session that a test emits, and how many listeners there are. */
class Events {
  readonly listeners = new Set<readonly [string, (event: never) => void]>();

  readonly on = (type: string, listener: (event: never) => void): (() => void) => {
    const entry = [type, listener] as const;
    this.listeners.add(entry);
    return () => this.listeners.delete(entry);
  };

  emit<Type extends keyof SessionEvents>(type: Type, event: SessionEvents[Type]): void {
    for (const [each, listener] of this.listeners) if (each === type) listener(event as never);
  }
}

describe("the older messages of the page", () => {
  const change = { channel: "lobby", change: "9" } as const;

  /** Reads older messages of the lobby, while something happens. */
  const load = async (during: (events: Events) => readonly HistoryPage["messages"][number][]) => {
    const events = new Events();
    const history = async () => ({ messages: during(events) });
    const session = { user: "anna", on: events.on, history } as unknown as Session;
    const chat = Object.assign(new Store(withChannels(INITIAL_STATE, ["lobby"])), {
      session,
      markRead: () => undefined,
    });
    await loadOlder(chat, "#lobby");
    const { chunks, older } = chat.state.conversations.get("#lobby") ?? { chunks: [] };
    return { messages: chunks.flat(), older, listeners: events.listeners.size };
  };

  it("are shown with the changes that arrived while they were read", async () => {
    const { messages, listeners } = await load((events) => {
      events.emit("deleted", { ...change, type: "deleted", id: "1", by: "mona" });
      events.emit("edited", { ...change, type: "edited", id: "2", data: "edited", edit: "9" });
      events.emit("reacted", { ...change, type: "reacted", id: "3", user: "ben", emoji: "👍", reactions: counted(4) });
      events.emit("deleted", { ...change, type: "deleted", channel: "ops", id: "4", by: "mona" });
      return [message("1"), message("2"), { ...message("3"), reactions: { ...counted(3), own: "👍" } }, message("4")];
    });
    expect(messages).to.deep.equal([
      { ...chatMessageOf(message("1")), text: "", isDeleted: true },
      { ...chatMessageOf(message("2")), text: "edited", edit: "9" },
      { ...chatMessageOf(message("3")), reactions: { ...counted(4), own: "👍" } },
      chatMessageOf(message("4")),
    ]);
    expect(listeners).to.equal(0);
  });

  it("can be read again after a fault", async () => {
    const { older, listeners } = await load(() => {
      throw new Error("The connection was lost.");
    });
    expect([older, listeners]).to.deep.equal(["some", 0]);
  });
});
