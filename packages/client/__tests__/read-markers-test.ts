import { expect } from "chai";
import type { Session } from "../src/session.ts";
import { lowestIdAt } from "../src/ulid.ts";
import { MemoryChat, next, reaches } from "./support/memory-chat.ts";

const id = lowestIdAt(Date.UTC(2026, 0, 1));

describe("packages/client, read markers", () => {
  let chat: MemoryChat;
  let session: Session;
  beforeEach(async () => {
    chat = new MemoryChat();
    session = chat.open();
    await reaches(session, "online");
    chat.frames.length = 0;
  });
  afterEach(() => session.close());

  it("are sent with the id of the message, and repeated with the same frame id if the connection is lost", async () => {
    let isLost = false;
    chat.script = ({ message }) => {
      if (message !== "read" || isLost) return undefined;
      isLost = true;
      chat.cut();
      return [];
    };
    await session.markRead("lobby", id);
    const [first, repeat] = chat.frames.filter(({ message }) => message === "read");
    expect(first).to.include({ channel: "lobby", target: id });
    expect(repeat).to.deep.equal(first);
  });

  it("are reported if another connection of the user moves them", async () => {
    const reported = next(session, "read");
    chat.push({ type: "read", channel: "ops", id });
    expect(await reported).to.deep.equal({ type: "read", channel: "ops", id });
  });

  it("return the counts of all channels, or of some", async () => {
    const counts = [{ channel: "lobby", count: 100, more: true, read: id }];
    chat.script = (frame) => (frame.message === "unread" ? [{ type: "unread", id: frame.id, counts }] : undefined);
    expect(await session.unread()).to.deep.equal(counts);
    await session.unread(["lobby"]);
    const [all, some] = chat.frames;
    expect(all).not.to.have.property("channels");
    expect(some).to.deep.include({ channels: ["lobby"] });
  });

  it("return the counts of any number of channels and conversations, with frames that API Gateway accepts", async () => {
    chat.script = (frame) => {
      if (frame.message !== "unread") return undefined;
      const { channels = [], conversations = [] } = frame as { channels?: string[]; conversations?: object[] };
      const counts = channels.map((channel) => ({ channel, count: 1 }));
      return [
        { type: "unread", id: frame.id, counts, conversations: conversations.map((each) => ({ ...each, count: 1 })) },
      ];
    };
    const frames = () => chat.frames.splice(0);
    const others = Array.from({ length: 50 }, (_, index) => ({ direct: `${index} ${"😀".repeat(250)}` }));
    const counted = await session.unreadConversations(others);
    expect(counted.map(({ direct }) => direct)).to.deep.equal(others.map(({ direct }) => direct));
    const sizes = frames().map((frame) => Buffer.byteLength(JSON.stringify(frame)));
    expect(sizes).to.have.length(2);
    for (const size of sizes) expect(size).to.be.at.most(32_768);
    const channels = Array.from({ length: 51 }, (_, index) => `c${index}`);
    expect(await session.unread(channels)).to.have.length(51);
    expect(frames().map((frame) => (frame as { channels?: string[] }).channels?.length)).to.deep.equal([50, 1]);
    expect([await session.unread([]), await session.unreadConversations([])]).to.deep.equal([[], []]);
    expect(frames()).to.deep.equal([]);
  });

  it("are refused by a chat that does not count unread messages", async () => {
    chat.script = (frame) => (frame.message === "unread" ? [frame] : undefined);
    const error = await session.unread().catch((fault: unknown) => fault);
    expect(error).to.have.property("code", "unknown-route");
  });
});
