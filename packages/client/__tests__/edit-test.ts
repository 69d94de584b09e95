import { expect } from "chai";
import type { Message } from "../src/protocol.ts";
import type { Session } from "../src/session.ts";
import { type Frame, MemoryChat, next, reaches } from "./support/memory-chat.ts";

describe("packages/client/session, with edits", () => {
  let chat: MemoryChat;
  let session: Session;
  let edited: string[];
  let deleted: string[];
  beforeEach(async () => {
    chat = new MemoryChat();
    session = chat.open();
    edited = [];
    deleted = [];
    session.on("edited", ({ data }) => edited.push(data));
    session.on("deleted", ({ id }) => deleted.push(id));
    await reaches(session, "online");
  });
  afterEach(() => session.close());

  /** Sends a message, and waits until the session has reported it. */
  const sent = async () => {
    const reported = next(session, "message");
    await session.send("lobby", "Helo");
    return (await reported) as Message;
  };

  const sentEdits = (): Frame[] => chat.frames.filter(({ message }) => message === "edit");

  /** Answers frames with `edit` by a function, which knows how many came before. */
  const answerEdits = (answer: (frame: Frame, before: number) => readonly object[] | undefined): void => {
    chat.script = (frame) => (frame.message === "edit" ? answer(frame, sentEdits().length - 1) : undefined);
  };

  it("sends the frame once, and reports the edit", async () => {
    const { channel, id } = await sent();
    answerEdits(() => {
      chat.edit({ channel, id }, "Hello");
      return undefined;
    });
    await session.edit(channel, id, "Hello");
    expect(sentEdits().map(({ id: _, ...frame }) => frame)).to.deep.equal([
      { message: "edit", channel, target: id, data: "Hello" },
    ]);
    expect(edited).to.deep.equal(["Hello"]);
  });

  it("repeats the frame with the same id on the next connection if the answer is lost, and reports the edit once", async () => {
    const { channel, id } = await sent();
    answerEdits((_, before) => {
      if (before > 0) {
        for (const repeat of chat.edits) chat.push({ ...repeat, change: `${repeat.change.slice(0, -1)}1` });
        return undefined;
      }
      chat.edit({ channel, id }, "Hello");
      chat.cut();
      return [];
    });
    await session.edit(channel, id, "Hello");
    const [first, second, ...more] = sentEdits();
    expect(second).to.deep.equal(first);
    expect(more).to.deep.equal([]);
    expect(chat.attempts).to.equal(2);
    expect(edited).to.deep.equal(["Hello"]);
  });

  /** Opens the session of a guest. Without a name, the guest has another one on each connection. */
  const openAsGuest = async (name: string | undefined, lost: string): Promise<void> => {
    await session.close();
    session = chat.open(name === undefined ? {} : { name });
    chat.script = ({ message: request, id }) => {
      const user = name ?? `guest-${chat.attempts}`;
      if (request === "join") return [{ type: "ack", request, id, user, at: "2026-01-01T12:00:01.000Z" }];
      if (request !== lost) return undefined;
      chat.cut();
      return [];
    };
  };

  for (const name of ["anna", undefined]) {
    for (const [request, perform] of [
      ["edit", (id: string) => session.edit("lobby", id, "Hello")],
      ["delete", (id: string) => session.remove("lobby", id)],
      ["react", (id: string) => session.react("lobby", id, "👍")],
    ] as const) {
      it(`does not repeat ${request} on the next connection of a guest ${name ? "with" : "without"} a name`, async () => {
        const { id } = await sent();
        await openAsGuest(name, request);
        const error = await perform(id).catch((reason) => reason);
        expect(error).to.include({ code: "connection-lost", request });
        expect(chat.frames.filter(({ message }) => message === request)).to.have.length(1);
      });
    }
  }

  it("waits for a connection if there is none, and repeats the frame after a temporary error", async () => {
    const { channel, id } = await sent();
    answerEdits(({ id: request }, before) =>
      before === 0
        ? [{ type: "error", code: "internal", detail: "Try again.", request: "edit", id: request }]
        : undefined,
    );
    chat.cut();
    await session.edit(channel, id, "Hello");
    const [first, second] = sentEdits();
    expect(second).to.deep.equal(first);
  });

  for (const [code, detail] of [
    ["not-allowed", "The message is older than 15 minutes, and can no longer be edited or deleted by its sender."],
    ["not-accepted", "No links, please."],
    ["unknown-message", "The channel has no message with this id, or the message has expired."],
  ]) {
    it(`is rejected with ${code} if the chat refuses it, and is not repeated`, async () => {
      const { channel, id } = await sent();
      answerEdits(({ id: request }) => [{ type: "error", code, detail, request: "edit", id: request }]);
      const error = await session.edit(channel, id, "Hello").catch((reason) => reason);
      expect(error).to.include({ code, message: detail, request: "edit" });
      expect(sentEdits()).to.have.length(1);
      expect((await session.send("lobby", "next")).data, "a later request").to.equal("next");
    });
  }

  it("reports the latest text of a message that was edited while there was no connection, once", async () => {
    const message = chat.post({ data: "Helo" });
    chat.cut();
    for (const text of ["Hello", "Hello!"]) chat.edit(message, text);
    chat.edits.shift();
    await next(session, "edited");
    await reaches(session, "online");
    chat.push(chat.edits[0] as object);
    await session.members("lobby");
    expect(edited).to.deep.equal(["Hello!"]);
  });

  it("does not report an edit that arrives after the deletion of the message", async () => {
    const message = await sent();
    const { channel, id } = message;
    chat.push({ type: "deleted", channel, id, by: "ben", change: `${id.slice(0, -1)}1` });
    chat.edit(message, "Hello");
    await session.members("lobby");
    expect(deleted).to.deep.equal([id]);
    expect(edited).to.deep.equal([]);
  });
});
