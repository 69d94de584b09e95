import { expect } from "chai";
import { textParts } from "../../../web/model/rich-text.ts";

const linksIn = (text: string): string[] =>
  textParts(text).flatMap((part) => (part.kind === "link" ? [part.text] : []));

describe("the parts of a message text", () => {
  it("are links, code and code blocks", () => {
    expect(textParts("Run `npm start`, see https://example.com/x:\n```ts\nconst a = 1;\n```\nok")).to.deep.equal([
      { kind: "text", text: "Run " },
      { kind: "code", text: "npm start" },
      { kind: "text", text: ", see " },
      { kind: "link", text: "https://example.com/x" },
      { kind: "text", text: ":\n" },
      { kind: "block", text: "const a = 1;" },
      { kind: "text", text: "\nok" },
    ]);
  });

  it("are mentions where the text names a user that the message mentions, but not in code", () => {
    expect(textParts("@ben, `@ben` and @carol", ["ben"])).to.deep.equal([
      { kind: "mention", text: "@ben" },
      { kind: "text", text: ", " },
      { kind: "code", text: "@ben" },
      { kind: "text", text: " and @carol" },
    ]);
  });

  it("contain the whole text again, whatever it is", () => {
    for (const text of ["", "`", "``", "```", "```a", "` `` ```", "http://", "https://[", "a`b\nc`", "<b>x</b>"]) {
      const joined = textParts(text).map((part) => part.text);
      expect(joined.join("").replaceAll("`", ""), text).to.equal(text.replaceAll("`", ""));
    }
  });

  it("leave out punctuation after an address, and keep brackets that belong to it", () => {
    expect(linksIn("(see https://example.com/a).")).to.deep.equal(["https://example.com/a"]);
    expect(linksIn("https://example.com/a_(b)!")).to.deep.equal(["https://example.com/a_(b)"]);
  });

  it("link only http and https addresses", () => {
    for (const text of ["javascript:alert(1)", "data:text/html,x", "ftp://example.com", "https://["]) {
      expect(linksIn(text), text).to.deep.equal([]);
    }
  });

  it("do not take long for hostile texts", () => {
    for (const text of ["`".repeat(16_000), "https://".repeat(2_000), `https://a${")".repeat(16_000)}`]) {
      expect(textParts(text)).to.be.an("array");
    }
  });
});
