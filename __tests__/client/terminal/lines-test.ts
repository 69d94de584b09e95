import { expect } from "chai";
import fc from "fast-check";
import { type Line, linesOfAnswer, linesOfEvent } from "../../../client/terminal/lines.ts";

const message = (own: object = {}) => ({
  ...({ type: "message", id: "01M85X21JF1EDDXY0AX7YRAJ1S", channel: "ops", from: "anna", data: "hi" } as const),
  at: new Date(2026, 0, 1, 9, 5).toISOString(),
  ...own,
});
const said = (own: object = {}, flags: object = {}): Line[] =>
  linesOfEvent({ type: "said", message: message(own), isOwn: false, isLate: false, ...flags });

describe("client/terminal/lines", () => {
  it("set the user's own messages apart, with colours or without", () => {
    expect(said()).to.deep.equal([{ kind: "others", text: "< 09:05 #ops anna: hi" }]);
    expect(said({}, { isOwn: true })).to.deep.equal([{ kind: "own", text: "> 09:05 #ops anna: hi" }]);
  });

  it("say of a message that came late that it did", () => {
    expect(said({}, { isLate: true })[1]).to.deep.include({ kind: "note" });
  });

  it("put further lines of a text below the first", () => {
    expect(said({ data: "one\r\ntwo" }).map(({ text }) => text)).to.deep.equal([
      "< 09:05 #ops anna: one",
      "        two",
    ]);
  });

  it("note who comes, goes and is renamed, and not who is typing", () => {
    const noted = (news: object) => linesOfEvent({ type: "news", news } as Parameters<typeof linesOfEvent>[0]);
    expect(noted({ type: "joined", channel: "ops", user: "ben" })).to.deep.equal([
      { kind: "note", text: "* ben joined #ops" },
    ]);
    expect(noted({ type: "named", channel: "ops", user: "ben", before: "guest-95yc7k" })).to.deep.equal([
      { kind: "note", text: "* guest-95yc7k is now ben, in #ops" },
    ]);
    expect(noted({ type: "typing", channel: "ops", user: "ben" })).to.deep.equal([]);
  });

  it("note what a moderator did to the user", () => {
    const noted = (news: object) =>
      linesOfEvent({ type: "news", news } as Parameters<typeof linesOfEvent>[0]).map(({ text }) => text);
    const [channel, by, until] = ["ops", "mona", "2026-07-01T12:01:00.000Z"];
    expect(noted({ type: "banned", by })).to.deep.equal(["* mona has banned you"]);
    expect(noted({ type: "banned", by, until })).to.deep.equal([`* mona has banned you until ${until}`]);
    expect(noted({ type: "muted", channel, by, until })[0]).to.match(/^\* mona has muted you in #ops until \d\d:01$/);
    expect(noted({ type: "unmuted", channel, by })).to.deep.equal(["* mona has ended your mute in #ops"]);
    expect(noted({ type: "revoked", channel, by })).to.deep.equal(["* mona has revoked your invitation to #ops"]);
  });

  it("show what a request came to", () => {
    const members = ["anna", "ben"];
    const answer = { type: "members", channel: "ops", members, cursor: "more" } as const;
    expect(linesOfAnswer({ message: "members" }, answer, "anna")).to.deep.equal([
      { kind: "note", text: "* in #ops: anna, ben, and more" },
    ]);
    const refused = { type: "error", code: "bad-channel", request: "join", detail: "No channel." } as const;
    expect(linesOfAnswer({ message: "join", channel: "Ops" }, refused, "anna")).to.deep.equal([
      { kind: "note", text: "* No channel." },
    ]);
  });

  it("have nothing in them that a terminal obeys, whatever others send", () => {
    const obeyed = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom("\x1b", "\x9b", "\r", "\n", "\x07", "\u202E", "[2J"), fc.string()),
    });
    fc.assert(
      fc.property(text, text, (from, data) => {
        const lines = [
          ...said({ from, data, channel: from }),
          ...linesOfEvent({ type: "called", user: from }),
          ...linesOfEvent({ type: "offline", reason: data, retryMilliseconds: 1 }),
          ...linesOfEvent({ type: "news", news: { ...message({ from, data }), type: "direct", to: "ben" } }),
          ...linesOfEvent({ type: "news", news: { type: "named", channel: data, user: from, before: data } }),
          ...linesOfAnswer({ message: "channels" }, { type: "channels", channels: [from, data] }, "ben"),
          ...linesOfAnswer({ message: "direct", to: from, data }, { type: "ack", request: "direct" }, "ben"),
        ];
        return lines.every((line) => !obeyed.test(line.text));
      }),
    );
  });

  it("show in place of them what they are", () => {
    expect(said({ data: "\x1b[2Jgone\tby \u202Eby" })[0]?.text).to.equal("< 09:05 #ops anna: ␛[2Jgone by \uFFFDby");
  });

  it("leave emoji whole", () => {
    expect(said({ data: "👩‍💻 ünïcödé" })[0]?.text).to.equal("< 09:05 #ops anna: 👩‍💻 ünïcödé");
  });
});
