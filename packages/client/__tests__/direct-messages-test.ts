import { expect } from "chai";
import { DirectMessages } from "../src/direct-messages.ts";
import type { ReceivedDirect } from "../src/events.ts";
import type { Session } from "../src/session.ts";
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
