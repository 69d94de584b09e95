import { expect } from "chai";
import type { ReceivedMessage } from "../src/events.ts";
import type { Session } from "../src/session.ts";
import { type Frame, MemoryChat, next, reaches } from "./support/memory-chat.ts";

const AT = new Date(Date.UTC(2026, 0, 1, 12)).toISOString();

describe("packages/client/session, with lasting channels", () => {
  let chat: MemoryChat;
  let mine: string[];
  const sessions: Session[] = [];
  beforeEach(() => {
    chat = new MemoryChat();
    mine = ["lobby", "ops"];
    chat.script = ({ message, id, ...frame }) => {
      const { mine: isMine } = frame as { readonly mine?: boolean };
      return message === "channels" && isMine
        ? [{ type: "channels", id, channels: mine, mine: true, user: "anna", at: AT }]
        : undefined;
    };
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.close();
  });
  const open = (...options: Parameters<MemoryChat["open"]>): Session => {
    const session = chat.open({ lastingChannels: true, ...options[0] });
    sessions.push(session);
    return session;
  };
  const requests = (...names: string[]): string[] =>
    chat.frames.filter(({ message }) => names.includes(message)).map(nameOf);
  const nameOf = ({ message, channel }: Frame): string => `${message} ${channel ?? ""}`.trim();

  it("is in the user's channels without a `join`, and knows its name", async () => {
    const session = open();
    await reaches(session, "online");
    expect(session.channels).to.deep.equal(["lobby", "ops"]);
    expect(session.user).to.equal("anna");
    expect(requests("join", "channels")).to.deep.equal(["channels"]);
  });

  it("joins the other channels of its options", async () => {
    const session = open({ channels: ["lobby", "dev"] });
    await reaches(session, "online");
    expect(session.channels).to.deep.equal(["lobby", "dev", "ops"]);
    expect(requests("join")).to.deep.equal(["join dev"]);
  });

  it("reports what was sent while there was no connection, and earlier messages of a new channel", async () => {
    const session = open({ history: 10 });
    const received: ReceivedMessage[] = [];
    session.on("message", (message) => received.push(message));
    const past = chat.post({ channel: "dev", data: "before", id: "00000000000000000000000001" });
    await reaches(session, "online");
    mine = ["lobby", "ops", "dev"];
    chat.cut();
    const missed = chat.post({ channel: "ops", data: "missed" });
    await reaches(session, "offline");
    await reaches(session, "online");
    expect(received.map(({ id }) => id)).to.have.members([past.id, missed.id]);
    expect(session.channels).to.include("dev");
  });

  it("does not join a channel again that the user has left elsewhere", async () => {
    const session = open();
    await reaches(session, "online");
    mine = ["lobby"];
    const channels = next(session, "channels");
    chat.cut();
    expect(await channels).to.deep.equal(["lobby"]);
    await reaches(session, "online");
    expect(requests("join")).to.deep.equal([]);
  });

  it("removes a channel that the user leaves on another connection, and keeps it if another user leaves", async () => {
    const session = open();
    await reaches(session, "online");
    const notices: object[] = [];
    session.on("presence", (event) => notices.push(event));
    chat.push({ type: "left", channel: "ops", user: "ben" });
    expect(session.channels).to.deep.equal(["lobby", "ops"]);
    chat.push({ type: "left", channel: "ops", user: "anna" });
    expect(session.channels).to.deep.equal(["lobby"]);
    expect(notices).to.deep.equal([{ type: "left", channel: "ops", user: "ben" }]);
  });

  it("joins its channels as before if the chat does not know the option", async () => {
    chat.script = ({ message, id }) =>
      message === "channels" ? [{ type: "channels", id, channels: ["lobby", "all"] }] : undefined;
    const session = open();
    await reaches(session, "online");
    expect(session.channels).to.deep.equal(["lobby"]);
    expect(requests("join")).to.deep.equal(["join lobby"]);
  });

  it("keeps a channel that an earlier holder of the session's name leaves", async () => {
    const session = open({ name: "anna" });
    await reaches(session, "online");
    chat.push({ type: "left", channel: "ops", user: "anna" });
    expect(session.channels).to.deep.equal(["lobby", "ops"]);
  });

  it("are not requested without the option", async () => {
    await reaches(open({ lastingChannels: false }), "online");
    expect(requests("channels")).to.deep.equal([]);
  });
});
