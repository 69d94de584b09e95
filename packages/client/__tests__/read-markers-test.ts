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

  it("are refused by a chat that does not count unread messages", async () => {
    chat.script = (frame) => (frame.message === "unread" ? [frame] : undefined);
    const error = await session.unread().catch((fault: unknown) => fault);
    expect(error).to.have.property("code", "unknown-route");
  });
});
