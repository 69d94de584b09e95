import { expect } from "chai";
import { CHAT_OPS, guestName, isGuest, isName, isUser } from "../../chat/user.ts";

describe("chat/user", () => {
  it("recognizes generated guest names", () => {
    expect(guestName("abc234")).to.equal("guest-abc234");
    expect([isGuest("guest-abc234"), isGuest("anna")]).to.deep.equal([true, false]);
  });

  for (const name of ["a", "Anna Karenina", "Søren", "李雷", "👩‍🚀".slice(0, 2), "x".repeat(32), "𝒳".repeat(32)]) {
    it(`takes ${name} for a name`, () => expect(isName(name)).to.equal(true));
  }

  it("accepts names that an issuer can give, but not the reserved name of chat-ops", () => {
    expect(isUser("auth0|5f7c8ec7c33c6c004bbafe82")).to.equal(true);
    expect(isUser(CHAT_OPS)).to.equal(false);
  });

  const refused: Record<string, string> = {
    "an empty text": "",
    "33 characters": "x".repeat(33),
    "a space in front": " anna",
    "a space at the end": "anna ",
    "a no-break space at the end": "anna\u00a0",
    "a control character": "an\u0007na",
    "a line break": "an\nna",
    "a line separator": "an\u2028na",
    "an invisible character": "an\u200bna",
    "a change of direction": "an\u202ena",
    "half a character": "an\ud800na",
    "a letter and its accent apart": "Zoe\u0308",
    "a guest's name": "guest-abc234",
    "a Hangul filler": "\u3164",
    "a Hangul filler after a name": "anna\u3164",
    "a Braille blank": "\u2800",
    "a grapheme joiner": "anna\u034f",
    "a variation selector": "anna\ufe0e",
    "an object replacement character": "anna\ufffc",
    "two spaces in a row": "anna  k",
    "a no-break space": "anna\u00a0k",
    "a mark without a letter": "\u0335anna",
    "a letter under many marks": `a${"\u0335".repeat(31)}`,
  };
  for (const [what, name] of Object.entries(refused)) {
    it(`refuses ${what}`, () => expect(isName(name)).to.equal(false));
    if (name !== "" && name.length <= 32 && !isGuest(name)) {
      it(`refuses ${what} as the name of an authenticated user`, () => expect(isUser(name)).to.equal(false));
    }
  }
});
