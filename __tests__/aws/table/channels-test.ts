import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Store, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { expect } from "chai";
import { channels } from "../../../aws/table/channels.ts";
import { channelKey } from "../../../aws/table/keys.ts";
import { members } from "../../../aws/table/members.ts";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import { LOBBY } from "../../../chat/channel.ts";
import type { Channels, Page } from "../../../chat/ports.ts";
import { NOON } from "../../support/builders.ts";

const SECONDS = NOON / 1000;
const TTL = SECONDS + 1000;

describe("aws/table/channels", () => {
  const name = "channels";
  let store: Store;
  let now: number;
  let own: Channels;
  before(async () => {
    store = await startStore({}, guardOptions());
    await createTables(store.client, [aTable(name)]);
    own = channels(sdkTable(store.client, name), () => now);
  });
  after(() => store.stop());
  beforeEach(() => {
    now = NOON;
  });

  /** Stores a channel as an earlier version of the chat did. */
  const put = (channel: string, item: object) =>
    store.client.send(new PutItemCommand({ TableName: name, Item: marshall({ ...channelKey(channel), ...item }) }));

  async function itemOf(channel: string): Promise<Record<string, unknown> | undefined> {
    const Key = marshall(channelKey(channel));
    const { Item } = await store.client.send(new GetItemCommand({ TableName: name, Key }));
    const { pk, sk, ...rest } = Item ? unmarshall(Item) : {};
    return Item && rest;
  }

  async function firstPage(channel: string): Promise<Page | undefined> {
    const pages = members(sdkTable(store.client, name), () => now).pages({ channel, shard: 0 });
    return (await pages[Symbol.asyncIterator]().next()).value;
  }

  it("gives the lobby no TTL, neither when a user joins it again nor when it grows", async () => {
    await own.open(LOBBY);
    expect(await itemOf(LOBBY)).to.equal(undefined);
    await own.grow(LOBBY, 2);
    await own.open(LOBBY);
    expect(await itemOf(LOBBY)).to.deep.equal({ growths: { 2: SECONDS + 300 }, shards: 2, changes: 1 });
  });

  it("removes the TTL that an earlier version gave the lobby, and keeps its growths", async () => {
    const growths = { 2: SECONDS + 300 };
    await put(LOBBY, { ttl: TTL, growths, shards: 2, changes: 1 });
    expect(await own.open(LOBBY)).to.equal(2);
    expect(await itemOf(LOBBY)).to.deep.equal({ growths, shards: 2, changes: 1 });
    await put(LOBBY, { ttl: TTL, growths, shards: 2, changes: 1 });
    await own.grow(LOBBY, 4);
    expect(await itemOf(LOBBY)).to.deep.equal({ growths: { 4: SECONDS + 300 }, shards: 4, changes: 2 });
  });

  it("reads the shards of an earlier version, which do not expire", async () => {
    for (const channel of [LOBBY, "old"]) {
      await put(channel, { ttl: TTL, shards: 8 });
      expect(await own.shardsOf(channel)).to.equal(8);
      expect((await firstPage(channel))?.growth).to.deep.equal({ shards: 8, newcomers: 8, isEnding: true });
    }
  });

  it("gives the shards of an earlier version an expiry when a connection opens the channel", async () => {
    for (const channel of [LOBBY, "old"]) {
      await put(channel, { ttl: TTL, shards: 8 });
      expect(await own.open(channel)).to.equal(8);
      now += 299_000;
      expect(await own.open(channel)).to.equal(8);
      now += 2000;
      expect([await own.open(channel), await own.shardsOf(channel)]).to.deep.equal([1, 8]);
      now += 7_500_000;
      expect(await own.shardsOf(channel)).to.equal(1);
      now = NOON;
    }
  });

  it("keeps the shards of an earlier version when the channel grows", async () => {
    await put(LOBBY, { shards: 8 });
    await own.grow(LOBBY, 16);
    expect(await itemOf(LOBBY)).to.deep.include({ growths: { 16: SECONDS + 300 } });
    await put(LOBBY, { shards: 8 });
    await own.grow(LOBBY, 2);
    expect(await own.shardsOf(LOBBY)).to.equal(8);
  });

  it("reads a growth that an earlier version stored after a rollback", async () => {
    await put(LOBBY, { growths: { 2: SECONDS + 300 }, shards: 4, changes: 1 });
    expect([await own.shardsOf(LOBBY), await own.open(LOBBY)]).to.deep.equal([4, 4]);
    expect(await itemOf(LOBBY)).to.deep.equal({ growths: { 4: SECONDS + 300 }, shards: 4, changes: 2 });
  });

  it("stores a TTL with a growth if the channel's item was lost", async () => {
    await own.grow("lost", 8);
    expect(await itemOf("lost")).to.have.property("ttl", SECONDS + 30 * 24 * 60 * 60);
  });

  it("stores the largest of several simultaneous growths", async () => {
    await Promise.all([2, 16, 4].map((shards) => own.grow("busy", shards)));
    expect([await own.open("busy"), await own.shardsOf("busy")]).to.deep.equal([16, 16]);
  });
});
