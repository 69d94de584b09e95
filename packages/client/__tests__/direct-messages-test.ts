import { expect } from "chai";
import { DirectMessages } from "../src/direct-messages.ts";
import type { ReceivedDirect } from "../src/events.ts";
import type { DirectChange } from "../src/protocol.ts";
import type { Session } from "../src/session.ts";
import { lowestIdAt } from "../src/ulid.ts";
import { MemoryChat, next, reaches } from "./support/memory-chat.ts";

describe("packages/client/direct-messages", () => {
  let chat: MemoryChat;
  let session: Session;
  let received: ReceivedDirect[];
  let now: number;
  beforeEach(() => {
    chat = new MemoryChat();
    received = [];
    now = 0;
  });
  afterEach(() => session.close());
  const open = async (options: Parameters<MemoryChat["open"]>[0] = {}): Promise<void> => {
    session = chat.open({ directConversations: true, ports: { now: () => now }, ...options });
    session.on("direct", (message) => received.push(message));
    await reaches(session, "online");
  };
  const reconnect = async (): Promise<void> => {
    chat.cut();
    await reaches(session, "offline");
    await reaches(session, "online");
  };
  const texts = (): string[] => received.map(({ data }) => data);

  it("reports the conversations at the start, and no message from before", async () => {
    const { id } = chat.write({ from: "ben", data: "old" });
    session = chat.open({ directConversations: true });
    expect(await next(session, "conversations")).to.deep.equal([{ direct: "ben", last: id }]);
    await reaches(session, "online");
    expect(texts()).to.deep.equal([]);
  });

  it("reports what was written while the session was away, each message once, and who sent it", async () => {
    chat.write({ from: "ben", data: "old" });
    await open();
    chat.push(chat.write({ from: "ben", data: "pushed" }));
    chat.cut();
    await reaches(session, "offline");
    chat.write({ from: "ben", data: "missed" });
    chat.write({ from: "anna", to: "ben", data: "from her phone" });
    chat.write({ from: "carol", data: "a new conversation" });
    await reaches(session, "online");
    expect(texts()).to.have.members(["pushed", "missed", "from her phone", "a new conversation"]);
    expect(received.find(({ data }) => data === "from her phone")).to.include({ isOwn: true });
    expect(received.find(({ data }) => data === "missed")).to.include({ isOwn: false });
    await reconnect();
    expect(received).to.have.length(4);
  });

  it("remembers the latest messages only, so that its memory has a limit", () => {
    const messages = new DirectMessages();
    for (let id = 0; id <= 10_000; id += 1) messages.take({ id: String(id) });
    expect(messages.take({ id: "10000" })).to.equal(false);
    expect(messages.take({ id: "0" })).to.equal(true);
  });

  it("reads all pages of a conversation that it missed", async () => {
    await open();
    for (let index = 0; index < 150; index += 1) chat.write({ from: "ben", data: String(index) });
    await reconnect();
    expect(texts()).to.deep.equal(Array.from({ length: 150 }, (_, index) => String(index)));
  });

  it("finds a message that became visible after a later one, and then reads the conversation no more", async () => {
    await open();
    const late = chat.write({ from: "ben", data: "late" });
    chat.directs.pop();
    chat.write({ from: "ben", data: "later", id: late.id.replace(/.$/, "1") });
    await reconnect();
    expect(texts()).to.deep.equal(["later"]);
    chat.directs.unshift(late);
    now += 30_000;
    await reconnect();
    expect(texts()).to.deep.equal(["later", "late"]);
    chat.frames.length = 0;
    now += 30_000;
    await reconnect();
    expect(chat.frames.filter(({ direct }) => direct !== undefined)).to.deep.equal([]);
  });

  describe("changes", () => {
    const atSecond = (second: number): string => lowestIdAt(Date.UTC(2026, 0, 1, 13, 0, second));
    const editOf = (id: string, data: string, second: number) =>
      ({ type: "edited", direct: "ben", id, data, edit: atSecond(second), change: atSecond(second) }) as const;
    const deletionOf = (id: string, second: number) =>
      ({ type: "deleted", direct: "ben", id, by: "ben", change: atSecond(second) }) as const;
    const reactionsTo = (id: string, revision: number, own: object) => ({
      ...({ type: "reacted", direct: "ben", id, change: atSecond(revision), ...own } as const),
      reactions: { counts: [{ emoji: "👍", count: revision }], revision },
    });
    let changes: DirectChange[];
    const openWithChanges = async (options: Parameters<MemoryChat["open"]>[0] = {}): Promise<void> => {
      changes = [];
      await open(options);
      session.on("directChange", (change) => changes.push(change));
    };

    it("are reported once, and none after a deletion or a newer edit", async () => {
      await openWithChanges();
      const { id } = chat.write({ from: "ben", data: "Helo" });
      const edits = [editOf(id, "Hello", 2), editOf(id, "Hello", 2), editOf(id, "Hell", 1)];
      const reactions = [reactionsTo(id, 2, { user: "ben", emoji: "👍" }), reactionsTo(id, 1, { user: "ben" })];
      const deletions = [deletionOf(id, 3), deletionOf(id, 4), editOf(id, "Hi", 5), reactionsTo(id, 3, {})];
      for (const change of [...edits, ...reactions, ...deletions]) chat.push(change);
      expect(changes).to.deep.equal([edits[0], reactions[0], deletions[0]]);
      chat.push({ ...editOf(id, "in a channel", 9), direct: undefined, channel: "lobby" });
      expect(changes).to.have.length(3);
    });

    it("are in a message that arrives later, and a deleted message is not reported", async () => {
      await openWithChanges();
      const [edited, deleted] = [chat.write({ from: "ben", data: "Helo" }), chat.write({ from: "ben", data: "oops" })];
      chat.push(editOf(edited.id, "Hello", 1));
      chat.push(reactionsTo(edited.id, 1, { user: "anna", emoji: "👍" }));
      chat.push(deletionOf(deleted.id, 2));
      for (const message of [edited, deleted]) chat.push(message);
      expect(received).to.have.length(1);
      expect(received[0]).to.deep.include({ data: "Hello", edit: atSecond(1) });
      expect(received[0]?.reactions).to.deep.include({ own: "👍", revision: 1 });
    });

    it("that the session missed are read if the list of conversations has a new one", async () => {
      await openWithChanges();
      const [first, second] = [chat.write({ from: "ben", data: "Helo" }), chat.write({ from: "ben", data: "oops" })];
      await reconnect();
      now += 60_000;
      await reconnect();
      const missed = { edits: [editOf(first.id, "Hello", 1)], changes: [deletionOf(second.id, 2)] };
      const reactions = [reactionsTo(first.id, 3, {})];
      chat.script = ({ message, id, direct, after }) => {
        const listed = { direct: "ben", last: second.id, change: atSecond(3) };
        if (message === "conversations") return [{ type: "conversations", id, conversations: [listed] }];
        if (direct === undefined) return undefined;
        // A page has the changes after an id, and no message that was reported before.
        return [
          {
            type: "conversation",
            id,
            direct,
            messages: [],
            ...(String(after) < atSecond(1) && { ...missed, reactions }),
          },
        ];
      };
      await reconnect();
      expect(changes).to.deep.equal([...missed.edits, ...missed.changes, ...reactions]);
      now += 60_000;
      await reconnect();
      await reconnect();
      expect(changes).to.have.length(3);
    });

    it("are reported as they are pushed without the option", async () => {
      await openWithChanges({ directConversations: false });
      const { id } = chat.write({ from: "ben", data: "Helo" });
      chat.push(editOf(id, "Hello", 1));
      expect(changes).to.have.length(1);
    });

    it("are made with the name of the user, or of the backend", async () => {
      await openWithChanges();
      const { id } = chat.write({ from: "ben", data: "Helo" });
      chat.frames.length = 0;
      await session.edit({ direct: "ben" }, id, "Hello");
      await session.remove({ direct: "ben" }, id);
      await session.react({ direct: "deploy", publisher: true }, id, "👍");
      await session.direct("ben", "Yes", { replyTo: id });
      const sent = chat.frames.map(({ id: _, ...frame }) => frame);
      expect(sent).to.deep.equal([
        { message: "edit", direct: "ben", target: id, data: "Hello" },
        { message: "delete", direct: "ben", target: id },
        { message: "react", direct: "deploy", publisher: true, target: id, emoji: "👍" },
        { message: "direct", to: "ben", data: "Yes", replyTo: id },
      ]);
      const invalid = session.edit({ direct: undefined } as never, id, "Hello");
      expect(await invalid.catch(({ code }) => code)).to.equal("malformed-frame");
    });
  });

  it("sends a message once over two connections, and does not report it", async () => {
    await open();
    let cuts = 0;
    chat.script = ({ message, id, to }) => {
      if (message !== "direct") return undefined;
      const known = chat.directs.find(({ clientMessageId }) => clientMessageId === id);
      const stored = known ?? chat.write({ from: "anna", to: String(to), data: "psst", clientMessageId: String(id) });
      if (cuts++ > 0) return [{ type: "ack", request: "direct", id, message: stored.id }];
      chat.cut();
      return [];
    };
    const sent = await session.direct("ben", "psst");
    expect(sent).to.include({ to: "ben", from: "anna", data: "psst", id: chat.directs[0]?.id });
    expect(chat.directs).to.have.length(1);
  });

  it("gives up a message that the chat would not recognize any more", async () => {
    await open();
    chat.script = ({ message }) => {
      if (message !== "direct") return undefined;
      now += 10 * 60_000;
      chat.cut();
      return [];
    };
    const code = await session.direct("ben", "psst").catch((error) => error.code);
    expect(code).to.equal("connection-lost");
    expect(chat.frames.filter(({ message }) => message === "direct")).to.have.length(1);
  });

  it("reports that a chat does not store direct messages, and stays online", async () => {
    chat.script = ({ message, id }) => (message === "conversations" ? [{ message, id }] : undefined);
    const errors: string[] = [];
    session = chat.open({ directConversations: true });
    session.on("error", ({ code }) => errors.push(code));
    await reaches(session, "online");
    expect(errors).to.deep.equal(["unknown-route"]);
  });

  it("asks for no conversations without the option", async () => {
    await open({ directConversations: false });
    expect(chat.frames.some(({ message }) => message === "conversations")).to.equal(false);
  });
});
