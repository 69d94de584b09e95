import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { openPty, type Pty } from "../../support/pty.ts";
import { type RunningChat, runningChat } from "../../support/running-chat.ts";
import { NODE_FLAGS, piped } from "../../support/terminal.ts";

/** Of this run alone: the suite also runs on a chat that others use. */
const own = (name: string): string => `${name}-${randomBytes(4).toString("hex")}`;

const CHAT = { cwd: process.cwd(), script: "scripts/chat.ts" };

describe("the chat in a terminal", () => {
  let chat: RunningChat;
  let channel: string;
  const terminals: Pty[] = [];
  before(async () => {
    chat = await runningChat();
  });
  after(() => chat.stop());
  beforeEach(() => {
    channel = own("ops");
  });
  afterEach(() => {
    for (const terminal of terminals.splice(0)) terminal.kill();
  });

  const open = async (user: string, url = chat.url): Promise<Pty> => {
    const terminal = openPty([...NODE_FLAGS, CHAT.script, url, "--user", user, "--channel", channel]);
    terminals.push(terminal);
    await terminal.shows("* connected");
    return terminal;
  };

  it("distinguishes own messages, and shows who joins and leaves", async () => {
    const [name, other] = [own("anna"), own("ben")];
    const anna = await open(name);
    const ben = await open(other);
    await anna.shows(`* ${other} joined #${channel}`);
    anna.type("Is it up?");
    await anna.shows(new RegExp(`> \\d\\d:\\d\\d #${channel} ${name}: Is it up\\?`));
    await ben.shows(new RegExp(`< \\d\\d:\\d\\d #${channel} ${name}: Is it up\\?`));
    expect(anna.written(), "dim").to.include(`\x1b[2m* ${other} joined`);
    ben.type("/quit");
    expect(await ben.ended).to.equal(0);
    await anna.shows(`* ${other} left #${channel}`);
  });

  it("keeps the line that is being typed when a message arrives", async () => {
    const [anna, ben] = [await open(own("anna")), await open(own("ben"))];
    anna.press("half a li");
    await anna.shows("half a li");
    ben.type("meanwhile");
    await anna.shows(/: meanwhile\s+#\S+> half a li$/);
    anna.press("xne\x1b[D\x1b[D\x7f\r");
    await ben.shows(": half a line");
  });

  it("runs commands, and reports an invalid one", async () => {
    const [name, other] = [own("anna"), own("ben")];
    const [anna, ben] = [await open(name), await open(other)];
    for (const [line, shown] of [
      ["/members", `* in #${channel}: `],
      ["/channels", "* channels: lobby, "],
      [`/name ${name}-2`, `* you are ${name}-2`],
      [`/msg ${other} psst`, `> to ${other} only: psst`],
      ["/history", "#"],
      [`/join ${channel}-2`, `#${channel}-2> `],
      ["/leave", `#${channel}> `],
      ["/jion", '* There is no command "/jion". Try /join, '],
      ["/help", "/msg NAME TEXT"],
    ] as const) {
      anna.type(line);
      await anna.shows(shown);
    }
    await ben.shows(`to you only, ${name}-2: psst`);
  });

  it("exits with 0 on Ctrl-C and on Ctrl-D", async () => {
    const [anna, ben] = [await open(own("anna")), await open(own("ben"))];
    anna.interrupt();
    ben.press("\x04");
    expect([await anna.ended, await ben.ended]).to.deep.equal([0, 0]);
  });

  it("lets no control sequence through", async () => {
    const [anna, { code }] = [
      await open(own("anna")),
      await piped(CHAT, { input: "\x1b]0;owned\x07\x1b[2Jboo\n", flags: [chat.url, "--channel", channel] }),
    ];
    expect(code).to.equal(0);
    await anna.shows("␛]0;owned␇␛[2Jboo");
    expect(anna.written()).not.to.include("owned\x07");
  });

  it("sends the lines of a pipe, prints messages to standard output and everything else to standard error", async () => {
    const input = `one\n/leave\n/join ${channel}\ntwo\n/history\n`;
    const name = own("anna");
    const { code, stdout, stderr } = await piped(CHAT, {
      input,
      flags: [chat.url, "--user", name, "--channel", channel],
    });
    expect(code, stderr).to.equal(0);
    const heard = stdout
      .replaceAll(/\d\d:\d\d #\S+ \S+: /g, "")
      .split("\n")
      .filter(Boolean);
    expect(heard).to.have.members(["> one", "> two", "> one", "> two"]);
    expect(stderr).to.include(`* you left #${channel}`);
    expect(stdout + stderr).not.to.include("\x1b");
  });
});
