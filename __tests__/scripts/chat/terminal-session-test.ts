import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import type { Streams } from "../../../scripts/chat/screen.ts";
import { TerminalSession } from "../../../scripts/chat/terminal-session.ts";
import { type Identified, type ScriptedChat, startScriptedChat } from "../../support/scripted-chat.ts";

const ID = "01M85X21JF1EDDXY0AX7YRAJ";
const idOf = (index: number): string => `${ID}${String(index).padStart(2, "0")}`;

describe("scripts/chat/terminal-session", () => {
  let chat: ScriptedChat;
  let terminal: TerminalSession;
  let input: PassThrough;
  let notes: PassThrough;
  let ended: Promise<void>;
  let received: (request: Identified) => void;
  beforeEach(async () => {
    chat = await startScriptedChat();
    received = () => undefined;
    let sent = 0;
    chat.script = (frame) => {
      received(frame);
      if (frame.message !== "sendmessage") return undefined;
      sent += 1;
      // Without a push: its message would be reported after the acknowledgement.
      return [{ type: "ack", request: "sendmessage", id: frame.id, message: idOf(sent) }];
    };
  });
  afterEach(async () => {
    await terminal.close();
    await ended;
    await chat.stop();
  });

  /** Opens a terminal or a pipe. */
  const open = ({ isTTY }: { readonly isTTY: boolean }): void => {
    const terminalStream = () =>
      Object.assign(new PassThrough(), { isTTY, columns: 80, setRawMode: () => undefined, hasColors: () => false });
    const streams = { input: terminalStream(), output: terminalStream(), errors: terminalStream() };
    input = streams.input;
    notes = streams.errors;
    ended = new Promise((resolve) => {
      const flags = { url: chat.url, user: undefined, channels: ["ops"] as const, lasting: false, help: false };
      terminal = new TerminalSession(flags, streams as unknown as Streams, () => resolve());
    });
  };

  /** Resolves with the first frame of a request. */
  const requested = (message: string): Promise<Identified> =>
    new Promise((resolve) => {
      received = (frame) => frame.message === message && resolve(frame);
    });

  for (const [line, message, expected] of [
    ["/edit two-edited", "edit", { target: idOf(2), data: "two-edited" }],
    ["/delete guest-1", "delete", { target: idOf(2) }],
    ["/react guest-1 👍", "react", { target: idOf(2) }],
    ["/read", "read", { target: idOf(2) }],
  ] as const) {
    for (const isTTY of [true, false]) {
      it(`applies ${line} to the message of the line before, ${isTTY ? "typed" : "from a pipe"}`, async () => {
        open({ isTTY });
        const request = requested(message);
        input.write(["one", "two", line, ""].join(isTTY ? "\r" : "\n"));
        expect(await request).to.include(expected);
      });
    }
  }

  it("applies /edit to a reply of the line before", async () => {
    open({ isTTY: true });
    const request = requested("edit");
    input.write(["one", "/reply guest-1 two", "/edit two-edited", ""].join("\r"));
    expect(await request).to.include({ target: idOf(2) });
    const [, reply] = chat.frames.filter(({ message }) => message === "sendmessage");
    expect(reply).to.include({ data: "two", replyTo: idOf(1) });
  });

  it("shows a reaction only if it changes the counts", async () => {
    open({ isTTY: false });
    let shown = "";
    notes.on("data", (data) => {
      shown += data;
    });
    const shows = async (text: string): Promise<void> => {
      while (!shown.includes(text)) await once(notes, "data");
    };
    await shows("* connected");
    const push = (
      revision: number,
      { count, ...change }: { readonly count: number; readonly emoji?: string },
    ): void => {
      const reactions = { counts: count === 0 ? [] : [{ emoji: "👍", count }], revision };
      const user = `user-${revision}`;
      chat.push({
        type: "reacted",
        channel: "ops",
        id: idOf(1),
        user,
        ...change,
        reactions,
        change: idOf(10 + revision),
      });
    };
    push(1, { emoji: "👍", count: 1 });
    push(2, { emoji: "👍", count: 1 });
    push(3, { count: 1 });
    push(4, { count: 0 });
    push(5, { emoji: "👍", count: 1 });
    await shows("user-5");
    expect(shown.match(/user-\d \w+/g)).to.deep.equal(["user-1 reacted", "user-4 removed", "user-5 reacted"]);
  });
});
