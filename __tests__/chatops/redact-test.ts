import { expect } from "chai";
import fc from "fast-check";
import { redact } from "../../chatops/redact.ts";

describe("chatops/redact", () => {
  it("redacts every string of a credential, at any depth, in all encodings", () => {
    const token = fc.string({ minLength: 8, maxLength: 60, unit: "grapheme-ascii" }).filter((text) => /\S/.test(text));
    fc.assert(
      fc.property(token, (secret) => {
        const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
        const shown = redact(`one ${forms.join(" two ")} three`, { deep: [{ secret }] });
        return forms.every((form) => !shown.includes(form));
      }),
    );
  });

  it("redacts strings that look like a token, and keeps words", () => {
    expect(redact("Key 0123456789abcdef0123456789abcdef is unknown to https://example.com", {})).to.equal(
      "Key [redacted] is unknown to https://example.com",
    );
  });

  it("returns one line of at most 200 characters", () => {
    const shown = redact("a\u0000 \n b ".repeat(100), {});
    expect(shown).to.match(/^(a b ?)+a?$/);
    expect(shown.length).to.be.at.most(200);
  });
});
