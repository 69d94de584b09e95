import { expect } from "chai";
import { ulid } from "ulid";
import { pageOf } from "../../chat/history.ts";
import { aMessage, NOON } from "../support/builders.ts";

/** So many messages, oldest first. */
const said = (count: number, data = "hi") =>
  Array.from({ length: count }, (_, index) => aMessage({ id: ulid(NOON + index), data }));

const idsOf = (messages: readonly { readonly id: string }[]) => messages.map(({ id }) => id);

describe("chat/history", () => {
  it("gives the latest oldest first, and a cursor before them while there is more", () => {
    const all = said(4);
    const page = pageOf(all.slice(1).reverse(), { limit: 2, latestFirst: true });
    expect(idsOf(page.messages)).to.deep.equal(idsOf(all.slice(2)));
    expect(page.cursor).to.deep.equal({ before: all[2]?.id });
  });

  it("gives the next in order, and a cursor after them while there is more", () => {
    const all = said(3);
    const page = pageOf(all, { limit: 2, latestFirst: false });
    expect(idsOf(page.messages)).to.deep.equal(idsOf(all.slice(0, 2)));
    expect(page.cursor).to.deep.equal({ after: all[1]?.id });
  });

  it("has no cursor where there is no more", () => {
    expect(pageOf(said(2), { limit: 2, latestFirst: false })).not.to.have.property("cursor");
    expect(pageOf([], { limit: 2, latestFirst: true })).to.deep.equal({ messages: [] });
  });

  it("cuts a page at 30,000 bytes, and always gives one message", () => {
    const long = pageOf(said(5, "x".repeat(12_000)), { limit: 5, latestFirst: false });
    expect(long.messages).to.have.length(2);
    expect(long.cursor).to.deep.equal({ after: long.messages[1]?.id });
    expect(pageOf(said(2, "\u0001".repeat(16_384)), { limit: 2, latestFirst: false }).messages).to.have.length(1);
  });
});
