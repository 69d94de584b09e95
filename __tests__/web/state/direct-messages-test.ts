import type { ConversationPage, Session, SessionEvents } from "@serverless-chat/client";
import { expect } from "chai";
import { Chat } from "../../../web/state/chat.ts";
import { listenTo } from "../../../web/state/listen-to.ts";
import { loadOlder } from "../../../web/state/load.ts";
import { ReadMarks } from "../../../web/state/read-marks.ts";
import { UserStorage } from "../../../web/state/user-storage.ts";

type Listeners = { [Type in keyof SessionEvents]?: (event: SessionEvents[Type]) => void };

const direct = (id: string, from: string, own: object = {}) =>
  ({ type: "direct", id, from, to: "anna", data: id, at: "2026-01-01T12:00:00.000Z", ...own }) as const;

describe("the direct messages of the page", () => {
  let listeners: Listeners;
  let storage: UserStorage;
  let chat: Chat;
  const pages: Record<string, ConversationPage["messages"]> = {};
  before(() => {
    Object.assign(globalThis, { document: { visibilityState: "visible", addEventListener: () => undefined } });
  });
  after(() => {
    Reflect.deleteProperty(globalThis, "document");
  });
  const open = (): void => {
    listeners = {};
    const session = {
      channels: ["lobby"],
      pending: [],
      on<Type extends keyof SessionEvents>(type: Type, listener: (event: SessionEvents[Type]) => void) {
        const earlier: Listeners[Type] = listeners[type];
        listeners[type] = ((event) => {
          earlier?.(event);
          listener(event);
        }) as Listeners[Type];
        return () => undefined;
      },
      conversation: async (name: string, { publisher = false } = {}) => ({
        messages: pages[publisher ? `${name} (program)` : name] ?? [],
      }),
    } as unknown as Session;
    chat = new Chat({
      ...{ session, storage, readMarks: new ReadMarks(storage), isModerator: false, ownMessageMinutes: undefined },
      ...{ isAuthenticated: true, storesDirect: true, hasReactions: false, hasLastingMembership: false },
      ...{ signOut: async () => undefined },
    });
    listenTo(chat);
    listeners.user?.("anna");
  };
  const list = async (...conversations: SessionEvents["conversations"]): Promise<void> => {
    listeners.conversations?.(conversations);
    await new Promise((resolve) => setTimeout(resolve));
  };
  const unread = (key: string) => chat.state.conversations.get(key)?.unread;
  beforeEach(() => {
    storage = new UserStorage(undefined);
    open();
  });

  it("are listed, the latest first, and those from before the first visit are read", async () => {
    await list(
      { direct: "ben", last: "1" },
      { direct: "carol", last: "2" },
      { direct: "ben", publisher: true, last: "0" },
    );
    expect([...chat.state.conversations.keys()]).to.deep.equal(["#lobby", "@carol", "@ben", "!ben"]);
    expect(unread("@ben")).to.equal(0);
  });

  it("are counted if they arrived between two visits", async () => {
    await list({ direct: "ben", last: "1" });
    open();
    pages.ben = [direct("1", "ben"), direct("2", "ben"), direct("3", "anna", { to: "ben" }), direct("4", "ben")];
    pages["ci (program)"] = [direct("5", "ci", { publisher: true })];
    storage.write("read", { "@ben": "1" });
    open();
    storage.write("hasConversations", true);
    await list({ direct: "ben", last: "4" }, { direct: "ci", publisher: true, last: "5" });
    expect([unread("@ben"), unread("!ci")]).to.deep.equal([2, 1]);
    expect(chat.state.conversations.get("!ci")).to.include({ isProgram: true, older: "none" });
  });

  it("show the conversation that was shown last", async () => {
    storage.write("shown", "@ben");
    open();
    await list({ direct: "ben", last: "1" });
    expect(chat.state.shown).to.equal("@ben");
  });

  it("are changed by both users, also while a page is read, and a change adds no conversation", async () => {
    pages.ben = [direct("1", "ben"), direct("2", "ben", { replyTo: "1", edit: "3" }), direct("4", "ben")];
    await list({ direct: "ben", last: "4" });
    const change = { direct: "ben", change: "9" } as const;
    const reading = loadOlder(chat, "@ben");
    listeners.directChange?.({ type: "edited", ...change, id: "1", data: "new", edit: "5" });
    await reading;
    listeners.directChange?.({ type: "deleted", ...change, id: "4", by: "ben" });
    const reactions = { counts: [{ emoji: "👍", count: 1 }], revision: 1 };
    listeners.directChange?.({ type: "reacted", ...change, id: "2", user: "ben", emoji: "👍", reactions });
    listeners.directChange?.({ type: "deleted", ...change, direct: "carol", id: "7", by: "carol" });
    const messages = chat.state.conversations.get("@ben")?.chunks.flat() ?? [];
    expect(messages.map(({ text, isDeleted }) => [text, isDeleted])).to.deep.equal([
      ["new", false],
      ["2", false],
      ["", true],
    ]);
    expect(messages[1]).to.deep.include({ replyTo: "1", edit: "3", reactions });
    expect([...chat.state.conversations.keys()]).to.not.include("@carol");
  });

  it("are in the conversation with the other user, also if this user sent them on another device", () => {
    listeners.direct?.({ ...direct("1", "ben"), isOwn: false });
    listeners.direct?.({ ...direct("2", "anna", { to: "ben" }), isOwn: true });
    listeners.direct?.({ ...direct("3", "ben", { publisher: true }), isOwn: false });
    const idsOf = (key: string) =>
      chat.state.conversations
        .get(key)
        ?.chunks.flat()
        .map(({ id }) => id);
    expect([idsOf("@ben"), idsOf("!ben")]).to.deep.equal([["1", "2"], ["3"]]);
    expect(unread("@ben")).to.equal(1);
  });
});
