import type { ReceivedMessage } from "@serverless-chat/client";
import { expect } from "chai";
import fc from "fast-check";
import { type Line, linesOfEvent } from "../../../scripts/chat/lines.ts";

const message = (own: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  ...({ type: "message", id: "01M85X21JF1EDDXY0AX7YRAJ1S", channel: "ops", from: "anna", data: "hi" } as const),
  at: new Date(2026, 0, 1, 9, 5).toISOString(),
  isOwn: false,
  isLate: false,
  ...own,
});
const linesOf = (own: Partial<ReceivedMessage> = {}): Line[] => linesOfEvent.message(message(own));
const textsOf = (lines: readonly Line[]): string[] => lines.map(({ text }) => text);

describe("scripts/chat/lines", () => {
  it("distinguish the user's own messages, with colors or without", () => {
    expect(linesOf()).to.deep.equal([{ kind: "others", text: "< 09:05 #ops anna: hi" }]);
    expect(linesOf({ isOwn: true })).to.deep.equal([{ kind: "own", text: "> 09:05 #ops anna: hi" }]);
  });

  it("mark a message of a program, which can have the name of a user", () => {
    expect(textsOf(linesOf({ publisher: true }))).to.deep.equal(["< 09:05 #ops anna (program): hi"]);
  });

  it("show the time of the original message in a reply", () => {
    const replyTo = "01M85X21JF1EDDXY0AX7YRAJ1S";
    expect(textsOf(linesOf({ replyTo }))[0]).to.match(/^< 09:05 #ops anna, to the message of \d\d:\d\d: hi$/);
  });

  it("report the user who reacts to a message or removes the reaction", () => {
    const change = {
      ...({ type: "reacted", channel: "ops", id: "01M85X21JF1EDDXY0AX7YRAJ1S", user: "ben" } as const),
      ...{ reactions: { counts: [], revision: 1 }, change: "01M85X21JF1EDDXY0AX7YRAJ1T" },
    };
    const noted = (own: object) => textsOf(linesOfEvent.reacted({ ...change, ...own }))[0];
    expect(noted({ emoji: "👍" })).to.match(/^\* ben reacted with 👍 to the message of \d\d:\d\d in #ops$/);
    expect(noted({})).to.match(/^\* ben removed the reaction to the message of/);
    expect(noted({ user: undefined }), "missed").to.equal(undefined);
  });

  it("mark a message that arrived late", () => {
    expect(linesOf({ isLate: true })[1]).to.deep.include({ kind: "note" });
  });

  it("indent further lines of a text below the first", () => {
    expect(textsOf(linesOf({ data: "one\r\ntwo" }))).to.deep.equal(["< 09:05 #ops anna: one", "        two"]);
  });

  it("note who changes a direct message", () => {
    const change = { direct: "ben", id: "01M85X21JF1EDDXY0AX7YRAJ1S", change: "" } as const;
    const noted = (event: Parameters<typeof linesOfEvent.directChange>[0]) =>
      textsOf(linesOfEvent.directChange(event)).map((text) => text.replace(/\d\d:\d\d/, "09:00"));
    const reactions = { counts: [], revision: 1 };
    expect(noted({ type: "edited", ...change, data: "new", edit: "" })).to.deep.equal([
      "* a direct message of 09:00 with ben was edited:",
      "        new",
    ]);
    expect(noted({ type: "deleted", ...change, by: "ben" })).to.deep.equal([
      "* ben deleted a direct message of 09:00 with ben",
    ]);
    expect(noted({ type: "reacted", ...change, user: "ben", emoji: "👍", reactions })).to.deep.equal([
      "* ben reacted with 👍 to a direct message of 09:00 with ben",
    ]);
    expect(noted({ type: "reacted", ...change, reactions })).to.deep.equal([]);
  });

  it("note who joins, leaves and is renamed", () => {
    expect(linesOfEvent.presence({ type: "joined", channel: "ops", user: "ben" })).to.deep.equal([
      { kind: "note", text: "* ben joined #ops" },
    ]);
    expect(linesOfEvent.presence({ type: "named", channel: "ops", user: "ben", before: "guest-95yc7k" })).to.deep.equal(
      [{ kind: "note", text: "* guest-95yc7k is now ben, in #ops" }],
    );
  });

  it("note what a moderator did to the user", () => {
    const [channel, by, until] = ["ops", "mona", "2026-07-01T12:01:00.000Z"];
    const noted = (event: Parameters<typeof linesOfEvent.moderation>[0]) => textsOf(linesOfEvent.moderation(event));
    expect(noted({ type: "kicked", by })).to.deep.equal(["* mona kicked you"]);
    expect(noted({ type: "banned", by })).to.deep.equal(["* mona banned you"]);
    expect(noted({ type: "banned", by, until })).to.deep.equal([`* mona banned you until ${until}`]);
    expect(noted({ type: "muted", channel, by, until })[0]).to.match(/^\* mona muted you in #ops until \d\d:01$/);
    expect(noted({ type: "unmuted", channel, by })).to.deep.equal(["* mona ended your mute in #ops"]);
    expect(noted({ type: "invited", channel, by })).to.deep.equal(["* mona invited you: /join ops"]);
    expect(noted({ type: "revoked", channel, by })).to.deep.equal(["* mona revoked your invitation to #ops"]);
  });

  it("note when the session connects again", () => {
    const offline = { status: "offline", reason: "the connection failed" } as const;
    expect(textsOf(linesOfEvent.state({ ...offline, retryMilliseconds: 1200 }))).to.deep.equal([
      "* not connected: the connection failed; retrying in 2 s",
    ]);
    expect(textsOf(linesOfEvent.state({ ...offline, retryMilliseconds: undefined }))).to.deep.equal([
      "* not connected: the connection failed; retrying when the network is back",
    ]);
  });

  it("have no control characters, even if other users send some", () => {
    const control = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom("\x1b", "\x9b", "\r", "\n", "\x07", "\u202E", "[2J"), fc.string()),
    });
    fc.assert(
      fc.property(text, text, (from, data) => {
        const { id, at } = message();
        const lines = [
          ...linesOf({ from, data, channel: from }),
          ...linesOfEvent.user(from),
          ...linesOfEvent.state({ status: "offline", reason: data, retryMilliseconds: 1 }),
          ...linesOfEvent.direct({ type: "direct", id, at, from, data, to: "ben", isOwn: false }),
          ...linesOfEvent.presence({ type: "named", channel: data, user: from, before: data }),
          ...linesOfEvent.deleted({ type: "deleted", channel: data, id, by: from, change: id }),
          ...linesOfEvent.directChange({ type: "edited", direct: from, id, data, edit: id, change: id }),
          ...linesOfEvent.moderation({ type: "invited", channel: data, by: from }),
        ];
        return lines.every((line) => !control.test(line.text));
      }),
    );
  });

  it("show symbols in place of control characters", () => {
    expect(linesOf({ data: "\x1b[2Jgone\tby \u202Eby" })[0]?.text).to.equal("< 09:05 #ops anna: ␛[2Jgone by \uFFFDby");
  });

  it("leave emoji unchanged", () => {
    expect(linesOf({ data: "👩‍💻 ünïcödé" })[0]?.text).to.equal("< 09:05 #ops anna: 👩‍💻 ünïcödé");
  });
});
