import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { type Store as DynamodbStore, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import sinon from "sinon";
import { ulid } from "ulid";
import { messages } from "../../../aws/table/messages.ts";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import type { Table } from "../../../aws/table/table.ts";
import { readPage } from "../../../chat/history.ts";
import { type Message, messageFrame, STORE_MILLISECONDS_MAX } from "../../../chat/message.ts";
import type { Slice } from "../../../chat/message-ports.ts";
import type { ServerFrameOf } from "../../../chat/protocol/client-frames.ts";
import { aMessage, NOON } from "../../support/builders.ts";
import { unitsOf } from "../../support/units.ts";

const TABLE = "messages";
const BEGINNING = "0".repeat(26);
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
const LONGEST = 16_384;

/** The read units of a strongly consistent read of this size. */
const unitsFor = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4096));

/** The approximate size of a message's item. */
const bytesOf = ({ data, from, channel }: Pick<Message, "data" | "from" | "channel">): number =>
  data.length + from.length + channel.length + 70;

describe("aws/table/messages", () => {
  let dynamodb: DynamodbStore;
  before(async () => {
    dynamodb = await startStore({}, guardOptions());
    await createTables(dynamodb.client, [aTable(TABLE)]);
  });
  after(() => dynamodb.stop());
  afterEach(() => sinon.restore());

  const at = (now: number, retentionDays = 30) =>
    messages(sdkTable(dynamodb.client, TABLE), { now: () => now, retentionDays });

  /** A new channel with messages of these lengths, oldest first. */
  async function aChannel(lengths: readonly number[], from = NOON): Promise<string> {
    const channel = `c-${randomUUID()}`;
    const all = lengths.map((length, index) =>
      aMessage({ id: ulid(from + index), channel, from: "eve", data: "x".repeat(length) }),
    );
    for (const message of all) await at(from).store(message);
    return channel;
  }

  /** A page, its read units, and the units that reading only its messages would use (`minimum`). */
  async function aPage(slice: Omit<Slice, "latestFirst">) {
    let page: Pick<ServerFrameOf<"history">, "messages" | "cursor"> = { messages: [] };
    let queries = 0;
    const { read, get } = at(NOON + 60_000);
    const counting = {
      get,
      read(each: Slice) {
        queries += 1;
        return read(each);
      },
    };
    const { reads } = await unitsOf(dynamodb.client, async () => {
      page = await readPage({ messages: counting }, { ...slice, frameOf: messageFrame, place: { channel: "lobby" } });
    });
    const bytes = page.messages.reduce((sum, message) => sum + bytesOf(message), 0);
    return { page, reads, queries, minimum: unitsFor(bytes) };
  }

  describe("a page of history", () => {
    const alternating = Array.from({ length: 120 }, (_, index) => (index % 8 === 5 ? LONGEST : 100));
    const cases: Readonly<Record<string, readonly number[]>> = {
      "messages of 100 letters": Array.from({ length: 120 }, () => 100),
      "messages of 1 KB": Array.from({ length: 120 }, () => 1024),
      "messages of 4 KB": Array.from({ length: 60 }, () => 4096),
      "messages of 16 KB": Array.from({ length: 30 }, () => LONGEST),
      "messages of 100 letters with one of 16 KB among eight": alternating,
    };
    for (const [name, lengths] of Object.entries(cases)) {
      it(`uses at most twice the minimum of read units for ${name}`, async () => {
        const channel = await aChannel(lengths);
        let units = { reads: 0, minimum: 0 };
        let after: string | undefined = BEGINNING;
        while (after !== undefined) {
          const { page, reads, minimum }: Awaited<ReturnType<typeof aPage>> = await aPage({
            channel,
            limit: 100,
            after,
          });
          units = { reads: units.reads + reads, minimum: units.minimum + minimum };
          after = page.cursor?.after;
        }
        expect(units.reads).to.be.at.most(2 * units.minimum);
        const latest = await aPage({ channel, limit: 100 });
        expect(latest.reads, "the latest").to.be.at.most(2 * latest.minimum);
      });
    }

    it("uses one query for a few messages, and three or four for a page of short messages", async () => {
      const few = await aChannel([100]);
      expect(await aPage({ channel: few, limit: 100, after: BEGINNING })).to.include({ queries: 1, reads: 1 });
      const channel = await aChannel(Array.from({ length: 110 }, () => 100));
      expect(await aPage({ channel, limit: 50 })).to.include({ queries: 3, reads: 4 });
      expect(await aPage({ channel, limit: 100 })).to.include({ queries: 4, reads: 8 });
    });

    it("uses at most 190 read units, even if long messages follow short ones", async () => {
      const channel = await aChannel([...Array(12).fill(1), ...Array(60).fill(LONGEST)]);
      expect((await aPage({ channel, limit: 100, after: BEGINNING })).reads).to.be.at.most(190);
    });
  });

  it("limits the duration of the write that records a deletion, so that its id is not much older than the write", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const client = Object.assign(Object.create(dynamodb.client) as DynamoDBClient, {
      send: async (_command: unknown, options?: { readonly abortSignal?: AbortSignal }) => {
        signals.push(options?.abortSignal);
      },
    });
    const slow = messages(sdkTable(client, TABLE), { now: () => NOON, retentionDays: 30 });
    await slow.record({ id: ulid(NOON), channel: "lobby", message: ulid(NOON - 1), by: "mona" });
    expect(signals).to.have.length(1);
    expect(signals[0]).to.be.an.instanceOf(AbortSignal);
  });

  describe("after the retention", () => {
    const visible = async (channel: string, now: number, retentionDays: number) =>
      (await at(now, retentionDays).read({ channel, limit: 10, latestFirst: false })).length;

    it("reads no expired messages, even if DynamoDB has not deleted them yet", async () => {
      const channel = await aChannel(Array.from({ length: 200 }, () => 4096));
      const now = NOON + 31 * DAY_MILLISECONDS;
      const { reads } = await unitsOf(dynamodb.client, () => visible(channel, now, 30));
      expect(reads).to.equal(1);
      const stored = new QueryCommand({
        TableName: TABLE,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: `LOG#${channel}` } },
        Select: "COUNT",
      });
      expect((await dynamodb.client.send(stored)).Count).to.equal(200);
    });

    it("returns a message until the second of its `ttl`", async () => {
      const channel = await aChannel([100]);
      const end = NOON + 30 * DAY_MILLISECONDS;
      expect(await visible(channel, end - 1, 30)).to.equal(1);
      expect(await visible(channel, end, 30)).to.equal(0);
    });

    it("hides messages that are older than a shorter retention, and returns them with the former one", async () => {
      const channel = await aChannel([100]);
      const now = NOON + 10 * DAY_MILLISECONDS;
      expect(await visible(channel, now, 7)).to.equal(0);
      expect(await visible(channel, now, 30)).to.equal(1);
    });

    it("does not return expired messages with a longer retention", async () => {
      const channel = await aChannel([100]);
      expect(await visible(channel, NOON + 31 * DAY_MILLISECONDS, 60)).to.equal(0);
    });
  });

  describe("aborts a write that takes too long", () => {
    let clock: sinon.SinonFakeTimers;

    beforeEach(() => {
      clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    });
    afterEach(() => clock.restore());

    const storeOf = (send: Table["send"]) => messages({ name: TABLE, send }, { now: () => NOON, retentionDays: 30 });

    it("after five seconds", async () => {
      const slow = storeOf((_operation, _input, { abortSignal } = {}) =>
        once(abortSignal as AbortSignal, "abort").then(() => Promise.reject(new Error("Request aborted"))),
      );
      const storing = rejection(slow.store(aMessage()));
      await clock.tickAsync(STORE_MILLISECONDS_MAX - 1);
      expect(clock.countTimers()).to.equal(1);
      await clock.tickAsync(1);
      expect(await storing).to.equal("Request aborted");
    });

    it("and leaves no timer after any other write", async () => {
      const fast = storeOf((async () => ({ $metadata: {} })) as Table["send"]);
      expect(await fast.store(aMessage())).to.equal(true);
      expect(clock.countTimers()).to.equal(0);
    });
  });
});
