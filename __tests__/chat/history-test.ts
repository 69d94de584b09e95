import { expect } from "chai";
import { ulid } from "ulid";
import { readPage } from "../../chat/history.ts";
import { type Deletion, isDeletion, isEdit, type LogEntry, messageFrame } from "../../chat/message.ts";
import type { Slice } from "../../chat/message-ports.ts";
import { aMessage, NOON } from "../support/builders.ts";
import { memoryStore } from "../support/memory.ts";

const LOBBY = "lobby";
const BEGINNING = "0".repeat(26);

/** Messages with these texts, oldest first. */
const messagesOf = (texts: readonly string[]) =>
  texts.map((data, index) => aMessage({ id: ulid(NOON + index), data, channel: LOBBY }));

const short = (count: number) => Array.from({ length: count }, () => "hi");
const long = (count: number) => Array.from({ length: count }, () => "x".repeat(16_384));

/** A log that records how many entries each query reads. */
async function aLog(entries: readonly LogEntry[]) {
  const { messages } = memoryStore(() => NOON + 1_000);
  for (const entry of entries) {
    await (isDeletion(entry) || isEdit(entry) ? messages.record(entry) : messages.store(entry));
  }
  const queries: number[] = [];
  const read = async (slice: Slice) => {
    const found = await messages.read(slice);
    queries.push(found.length);
    return found;
  };
  const page = (range: Pick<Slice, "limit" | "after" | "before">) =>
    readPage(
      { messages: { ...messages, read } },
      {
        ...{ channel: LOBBY, frameOf: messageFrame, place: { channel: LOBBY } },
        ...range,
      },
    );
  return { page, queries };
}

const idsOf = (entries: readonly { readonly id: string }[]) => entries.map(({ id }) => id);

/** The deletion of each of these messages, a minute later. */
const deletionsOf = (messages: readonly LogEntry[]): Deletion[] =>
  messages.map(({ id }, index) => ({ id: ulid(NOON + 60_000 + index), channel: LOBBY, message: id, by: "mona" }));

describe("chat/history", () => {
  it("returns the latest messages, oldest first, and a cursor if there are earlier ones", async () => {
    const all = messagesOf(short(4));
    const { page } = await aLog(all);
    const latest = await page({ limit: 2 });
    expect(idsOf(latest.messages)).to.deep.equal(idsOf(all.slice(2)));
    expect(latest.cursor).to.deep.equal({ before: all[2]?.id });
    const rest = await page({ limit: 2, before: all[2]?.id });
    expect(idsOf(rest.messages)).to.deep.equal(idsOf(all.slice(0, 2)));
    expect(rest).not.to.have.property("cursor");
  });

  it("returns the messages after an id in order, and a cursor if there are later ones", async () => {
    const all = messagesOf(short(4));
    const { page } = await aLog(all);
    const next = await page({ limit: 2, after: all[0]?.id });
    expect(idsOf(next.messages)).to.deep.equal(idsOf(all.slice(1, 3)));
    expect(next.cursor).to.deep.equal({ after: all[2]?.id });
    expect(await page({ limit: 2, after: all[3]?.id })).to.deep.equal({ messages: [] });
  });

  it("ends a page at 30,000 bytes, but returns at least one message", async () => {
    const { page } = await aLog(messagesOf(Array.from({ length: 5 }, () => "x".repeat(12_000))));
    const full = await page({ limit: 5, after: BEGINNING });
    expect(full.messages).to.have.length(2);
    expect(full.cursor).to.deep.equal({ after: full.messages[1]?.id });
    const escaped = await aLog(messagesOf(["\u0001".repeat(16_384), "hi"]));
    expect((await escaped.page({ limit: 2, after: BEGINNING })).messages).to.have.length(1);
  });

  it("reads two messages to return one of 16 KB, regardless of the limit", async () => {
    const { page, queries } = await aLog(messagesOf(long(10)));
    expect((await page({ limit: 100 })).messages).to.have.length(1);
    expect(queries).to.deep.equal([2]);
  });

  it("reads fifty short messages with three queries, and a few with one", async () => {
    const { page, queries } = await aLog(messagesOf(short(200)));
    expect((await page({ limit: 50 })).messages).to.have.length(50);
    expect(queries).to.deep.equal([2, 10, 39]);
    const few = await aLog(messagesOf(short(1)));
    await few.page({ limit: 100, after: BEGINNING });
    expect(few.queries).to.deep.equal([1]);
  });

  it("reads at most five times as many messages as the previous query, because longer ones can follow", async () => {
    const { page, queries } = await aLog(messagesOf([...short(2), ...long(100)]));
    const { messages } = await page({ limit: 100, after: BEGINNING });
    expect(messages).to.have.length(3);
    expect(queries).to.deep.equal([2, 10]);
  });

  it("ends a page that is half full if another message of that size would not fit", async () => {
    const { page, queries } = await aLog(messagesOf([...short(1), ...long(1), ...short(50)]));
    const { messages, cursor } = await page({ limit: 50, after: BEGINNING });
    expect(messages).to.have.length(2);
    expect(cursor).to.deep.equal({ after: messages[1]?.id });
    expect(queries).to.deep.equal([2]);
  });

  it("returns each entry once across pages, regardless of their sizes", async () => {
    const texts = Array.from({ length: 300 }, (_, index) => "x".repeat((index * index * 997) % 16_384));
    const all = messagesOf(texts);
    const { page } = await aLog(all);
    const read: string[] = [];
    for (let after: string | undefined = BEGINNING; after !== undefined; ) {
      const { messages, cursor }: Awaited<ReturnType<typeof page>> = await page({ limit: 100, after });
      read.push(...idsOf(messages));
      after = cursor?.after;
    }
    expect(read).to.deep.equal(idsOf(all));
    const backwards: string[] = [];
    for (let before: string | undefined = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"; before !== undefined; ) {
      const { messages, cursor }: Awaited<ReturnType<typeof page>> = await page({ limit: 100, before });
      backwards.unshift(...idsOf(messages));
      before = cursor?.before;
    }
    expect(backwards).to.deep.equal(idsOf(all));
  });

  describe("with deletions", () => {
    it("returns them in order after an id, and counts them towards the limit", async () => {
      const all = messagesOf(short(3));
      const deletions = deletionsOf(all);
      const { page } = await aLog([...all, ...deletions]);
      const next = await page({ limit: 3, after: all[1]?.id });
      expect(idsOf(next.messages)).to.deep.equal([all[2]?.id]);
      expect(next.changes?.map(({ id, change }) => [id, change])).to.deep.equal(
        deletions.slice(0, 2).map(({ id, message }) => [message, id]),
      );
      expect(next.cursor).to.deep.equal({ after: deletions[1]?.id });
      const rest = await page({ limit: 3, after: deletions[1]?.id });
      expect(rest.messages).to.deep.equal([]);
      expect(rest.changes).to.have.length(1);
      expect(rest).not.to.have.property("cursor");
    });

    it("omits them from the latest messages, which already show the deletion", async () => {
      const all = messagesOf(short(3));
      const { page } = await aLog([...all, ...deletionsOf(all)]);
      const { messages, changes } = await page({ limit: 2 });
      expect(idsOf(messages)).to.deep.equal(idsOf(all.slice(1)));
      expect(changes).to.equal(undefined);
    });

    it("skips about a hundred of them per page, and continues at the cursor", async () => {
      const all = messagesOf(short(300));
      const { page, queries } = await aLog([...all, ...deletionsOf(all)]);
      let before: string | undefined;
      let pages = 0;
      let messages: readonly { readonly id: string }[] = [];
      for (; messages.length === 0; pages += 1) {
        const next: Awaited<ReturnType<typeof page>> = await page({ limit: 1, before });
        ({ messages } = next);
        before = next.cursor?.before;
      }
      expect(idsOf(messages)).to.deep.equal([all[299]?.id]);
      expect(pages).to.be.within(2, 4);
      expect(Math.max(...queries)).to.be.at.most(100);
    });
  });
});
