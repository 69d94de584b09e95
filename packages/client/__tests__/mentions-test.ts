import { findMentions, mentionsIn } from "@serverless-chat/client";
import { expect } from "chai";

describe("the mentions in a text", () => {
  const users = ["anna", "anna b", "ben", "Zoë"];

  it("are the names of users after an @ at the beginning of a word", () => {
    expect(findMentions("@anna, (@Zoë) and mail@ben", users)).to.deep.equal([
      { user: "anna", start: 0, end: 5 },
      { user: "Zoë", start: 8, end: 12 },
    ]);
  });

  it("are whole names, and the longest ones that fit", () => {
    expect(mentionsIn("@anna b, @annabel, @ben_, @ben-jamin, @ben.", users)).to.deep.equal(["anna b", "ben"]);
  });

  it("do not include unknown names, names in another case, or an @ without a name", () => {
    expect(mentionsIn("@carol @ANNA @ @@", users)).to.deep.equal([]);
  });

  it("are listed once, and at most 20 of them", () => {
    const names = Array.from({ length: 25 }, (_, index) => `user ${index}`);
    const text = names.map((name) => `@${name}`).join(" ");
    expect(mentionsIn(`@ben @ben ${text}`, ["ben", ...names])).to.have.length(20);
    expect(mentionsIn("@ben @ben", users)).to.deep.equal(["ben"]);
  });
});
