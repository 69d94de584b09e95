import { expect } from "chai";
import data from "unhomoglyph/data.json" with { type: "json" };
import table from "../../chat/confusables.json" with { type: "json" };
import { lookOf } from "../../chat/name-look.ts";
import { isName } from "../../chat/user.ts";
import { confusables } from "../../scripts/confusables/table.ts";

/** Unicode's algorithm normalizes to NFD first, so characters that NFD decomposes are never looked up. */
const isWhole = (source: string): boolean => isName(source) && source.normalize("NFD") === source;

describe("chat/name-look", () => {
  it("has the table that npm run confusables writes", () => {
    expect(table).to.deep.equal(confusables(data));
  });

  it("gives every letter that Unicode finds confusable with ASCII the look of its prototype", () => {
    const pairs = Object.entries(data).filter(([source, prototype]) => isWhole(source) && /^[!-~]+$/.test(prototype));
    expect(pairs.length).to.be.greaterThan(600);
    const wrong = pairs.filter(([source, prototype]) => lookOf(source) !== lookOf(prototype));
    expect(wrong).to.deep.equal([]);
  });

  for (const [name, ...others] of [
    ["anna", "ANNA", "Anna", "\u0430nna", "\uff41nna", "\ud835\udcb6nna", "\u24d0nna"],
    ["chat-ops", "CHAT-OPS", "Chat\u2010Ops", "\u0421\u041d\u0410\u0422-\u041e\u0420\u0405", "\u0441hat-ops"],
    ["Ivan", "ivan", "lvan", "1van", "\u0406van"],
    ["modern", "MODERN", "rnodern"],
    ["Zo\u00eb", "ZO\u00cb", "Zo\u0435\u0308"],
  ] as const) {
    it(`is the same for ${[name, ...others].join(", ")}`, () => {
      expect(new Set([name, ...others].map(lookOf)).size).to.equal(1);
    });
  }

  it("distinguishes other names", () => {
    const names = ["anna", "anne", "hanna", "ben", "S\u00f8ren", "Soren", "\u674e\u96f7", "\u0418\u0432\u0430\u043d"];
    expect(new Set(names.map(lookOf)).size).to.equal(names.length);
  });
});
