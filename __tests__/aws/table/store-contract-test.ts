import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Store as DynamodbStore, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import { encodeTime, ulid } from "ulid";
import { pairOf, sortsAfter, sortsBefore } from "../../../aws/table/keys.ts";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import { conversationLog, type Shard } from "../../../chat/channel.ts";
import type { Connected, Member } from "../../../chat/connection.ts";
import type { Message } from "../../../chat/message.ts";
import type { Repeatable, Slice } from "../../../chat/message-ports.ts";
import type { Now, Page, PageStart } from "../../../chat/ports.ts";
import type { Reacted } from "../../../chat/reactions.ts";
import { aConnection, aMessage, NOON } from "../../support/builders.ts";
import { allMembers, memoryStore, RETENTION_DAYS, type Store } from "../../support/memory.ts";
import { leanTable, storeIn } from "../../support/table.ts";

interface Engine {
  open(now: Now): Promise<Store>;
  close?(): Promise<void>;
}

/** The embedded DynamoDB, or one at an endpoint, with a new table. The SDK's client calls it. */
function dynamodb(dynamodbEndpoint?: string): Engine {
  let store: DynamodbStore;
  let client: DynamoDBClient;
  return {
    async open(now) {
      store = await startStore({ dynamodbEndpoint }, guardOptions());
      const name = `contract-${randomUUID()}`;
      await createTables(store.client, [aTable(name)]);
      client = dynamodbEndpoint === undefined ? store.client : oneAtATime(dynamodbEndpoint);
      return storeIn(sdkTable(client, name), now);
    },
    async close() {
      client.destroy();
      await store.stop();
    },
  };
}

/** The embedded DynamoDB with a new table. The client that the functions have calls it. */
function dynamodbByLeanClient(): Engine {
  let store: DynamodbStore;
  return {
    async open(now) {
      store = await startStore({}, guardOptions());
      await createTables(store.client, [aTable("contract")]);
      return storeIn(leanTable(store.url, "contract"), now);
    },
    close: () => store.stop(),
  };
}

/** Trap: moto loses simultaneous updates of one item, unlike DynamoDB. One socket sends requests one at a time. */
const oneAtATime = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: "eu-west-2",
    credentials: localCredentials(),
    requestHandler: { httpAgent: { maxSockets: 1 } },
  });

const { DYNAMODB_ENDPOINT } = process.env;

/** A run with another engine does not repeat the others, which `npm test` runs. */
const engines: Record<string, Engine> = DYNAMODB_ENDPOINT
  ? { "at DYNAMODB_ENDPOINT": dynamodb(DYNAMODB_ENDPOINT) }
  : {
      "in memory": { open: async (now) => memoryStore(now) },
      "in dynalite": dynamodbByLeanClient(),
      "in dynalite, called by the SDK": dynamodb(),
    };

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

const LIFE_MILLISECONDS = (7200 + 600) * 1000;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** A channel that only this test uses. */
const aShard = (): Shard => ({ channel: `c-${randomUUID()}`, shard: 0 });

const memberOf = ({ memberships, ...member }: Connected): Member => member;

for (const [where, engine] of Object.entries(engines)) {
  describe(`the store ${where}`, () => {
    let now = NOON;
    let store: Store;
    before(async () => {
      store = await engine.open(() => now);
    });
    after(() => engine.close?.());
    beforeEach(() => {
      now = NOON;
    });

    describe("connections", () => {
      it("returns a stored connection, and returns it once when it is removed", async () => {
        const connected = aConnection({ memberships: [aShard(), aShard()] });
        await store.connections.add(connected);
        const inAnyOrder = (found: Connected | undefined) =>
          expect({ ...found, memberships: [] }).to.deep.equal({ ...connected, memberships: [] }) &&
          expect(found?.memberships).to.have.deep.members([...connected.memberships]);

        inAnyOrder(await store.connections.get(connected.id));
        inAnyOrder(await store.connections.remove(connected.id));
        expect(await store.connections.remove(connected.id)).to.equal(undefined);
        expect(await store.connections.get(connected.id)).to.equal(undefined);
      });

      it("stores the groups of an authenticated user, and the expiry of the token", async () => {
        const connected = aConnection({ groups: ["staff"], expiresAt: NOON + 1 });
        await store.connections.add(connected);
        expect(await store.connections.get(connected.id)).to.deep.equal(connected);
        const withoutGroups = aConnection({ groups: [] });
        await store.connections.add(withoutGroups);
        expect(await store.connections.get(withoutGroups.id)).to.have.deep.property("groups", []);
      });

      it("does not return a connection past its TTL", async () => {
        const connected = aConnection({ connectedAt: NOON });
        await store.connections.add(connected);
        now = NOON + LIFE_MILLISECONDS;
        expect(await store.connections.get(connected.id)).to.equal(undefined);
      });

      it("adds and removes memberships", async () => {
        const [first, second] = [aShard(), { ...aShard(), shard: 3 }];
        const connected = aConnection({ memberships: [first] });
        const { id } = connected;
        await store.connections.add(connected);
        expect(await store.connections.join(id, second), "the former state").to.deep.equal(connected);
        expect(await store.connections.join(id, second))
          .to.have.property("memberships")
          .with.length(2);
        expect(await store.connections.leave(id, first.channel)).to.equal(true);
        expect(await store.connections.leave(id, first.channel)).to.equal(false);
        expect((await store.connections.get(id))?.memberships).to.deep.equal([second]);
      });

      it("does not end a membership that was joined again after the connection was read", async () => {
        const shard = aShard();
        const { id } = aConnection();
        await store.connections.add(aConnection({ id, memberships: [shard] }));
        expect(await store.connections.leave(id, shard.channel, 1)).to.equal(false);
        await store.connections.join(id, shard);
        expect(await store.connections.leave(id, shard.channel, 0)).to.equal(false);
        expect((await store.connections.get(id))?.joins).to.equal(1);
        expect(await store.connections.leave(id, shard.channel, 1)).to.equal(true);
      });

      it("accepts at most fifty memberships, and joins each channel once", async () => {
        const memberships = Array.from({ length: 49 }, aShard);
        const connected = aConnection({ memberships });
        await store.connections.add(connected);
        const last = aShard();
        expect(await store.connections.join(connected.id, last)).to.have.property("id");
        expect(await store.connections.join(connected.id, aShard())).to.equal(undefined);
        expect(await store.connections.join(connected.id, last)).to.have.property("id");
      });

      it("does not create a connection that does not exist", async () => {
        const { id } = aConnection();
        expect(await store.connections.join(id, aShard())).to.equal(undefined);
        expect(await store.connections.leave(id, "ops")).to.equal(false);
        expect(await store.connections.rename(id, "anna")).to.equal(undefined);
        expect(await store.connections.get(id)).to.equal(undefined);
      });

      it("renames a user", async () => {
        const connected = aConnection();
        await store.connections.add(connected);
        expect(await store.connections.rename(connected.id, "anna"), "the former state").to.deep.equal(connected);
        expect((await store.connections.get(connected.id))?.user).to.equal("anna");
      });
    });

    describe("rates", () => {
      const RATE = { perSecond: 10, burst: 2 };

      it("admit a burst, then one frame per interval, and do not count refused frames", async () => {
        const sender = randomUUID();
        const take = () => store.rates.take(sender, RATE);
        expect([await take(), await take(), await take(), await take()]).to.deep.equal([true, true, false, false]);
        now = NOON + 100;
        expect([await take(), await take()]).to.deep.equal([true, false]);
        now = NOON + 10_000;
        expect([await take(), await take(), await take()]).to.deep.equal([true, true, false]);
        expect(await store.rates.take(randomUUID(), RATE)).to.equal(true);
      });

      it("admit exactly a burst of simultaneous frames", async () => {
        const sender = randomUUID();
        const taken = await Promise.all(Array.from({ length: 5 }, () => store.rates.take(sender, RATE)));
        expect(taken.filter(Boolean)).to.have.length(2);
      });

      it("start with a full bucket after a change of the setting", async () => {
        const sender = randomUUID();
        const former = { perSecond: 1, burst: 1 };
        expect([await store.rates.take(sender, former), await store.rates.take(sender, former)]).to.include(false);
        expect(await store.rates.take(sender, RATE)).to.equal(true);
      });

      it("report a second warning within a second, but not a write that the SDK repeats", async () => {
        const sender = randomUUID();
        const warn = (connectionId = "a=") => store.rates.warn(sender, connectionId);
        expect([await warn(), await warn()]).to.deep.equal([false, false]);
        now = NOON + 999;
        expect([await warn(), await warn("b=")]).to.deep.equal([true, false]);
        now = NOON + 1_999;
        expect(await warn()).to.equal(false);
      });
    });

    describe("addresses", () => {
      it("list their connections until these are removed or past their TTL", async () => {
        const address = randomUUID();
        const [first, second] = [aConnection({ connectedAt: NOON }), aConnection({ connectedAt: NOON + 1000 })];
        expect(await store.addresses.connectionsFrom(address)).to.have.length(0);
        for (const connection of [first, second, second]) await store.addresses.add(address, connection);
        expect(await store.addresses.connectionsFrom(address)).to.have.deep.members(
          [first, second].map(({ id, connectedAt }) => ({ id, connectedAt })),
        );
        now = NOON + LIFE_MILLISECONDS;
        expect(await store.addresses.connectionsFrom(address)).to.have.length(1);
        await store.addresses.remove(address, second.id);
        expect(await store.addresses.connectionsFrom(address)).to.have.length(0);
      });
    });

    describe("invitations", () => {
      it("are valid for one user and one channel until they are withdrawn", async () => {
        const channel = `~${randomUUID()}`;
        await store.invitations.give(channel, "anna");
        expect(await store.invitations.use(channel, "anna")).to.equal(true);
        expect(await store.invitations.use(channel, "ben")).to.equal(false);
        expect(await store.invitations.use("~other", "anna")).to.equal(false);
        await store.invitations.withdraw(channel, "anna");
        expect(await store.invitations.use(channel, "anna")).to.equal(false);
      });

      it("expire thirty days after their last use", async () => {
        const channel = `~${randomUUID()}`;
        await store.invitations.give(channel, "anna");
        now = NOON + 29 * DAY_MILLISECONDS;
        expect(await store.invitations.use(channel, "anna")).to.equal(true);
        now += 29 * DAY_MILLISECONDS;
        expect(await store.invitations.use(channel, "anna")).to.equal(true);
        now += 30 * DAY_MILLISECONDS;
        expect(await store.invitations.use(channel, "anna")).to.equal(false);
      });
    });

    describe("mutes", () => {
      it("apply to one user in one channel until they expire", async () => {
        const channel = randomUUID();
        await store.mutes.set(channel, "anna", NOON + 60_000);
        expect(await store.mutes.until(channel, "anna")).to.equal(NOON + 60_000);
        expect(await store.mutes.until(channel, "ben")).to.equal(undefined);
        expect(await store.mutes.until("other", "anna")).to.equal(undefined);
        now = NOON + 60_000;
        expect(await store.mutes.until(channel, "anna")).to.equal(undefined);
      });
    });

    describe("bans", () => {
      it("apply to one user until they expire", async () => {
        const [anna, ben] = [randomUUID(), randomUUID()];
        await store.bans.set(anna, { by: "mona", until: NOON + 60_000 });
        expect(await store.bans.has(anna)).to.equal(true);
        expect(await store.bans.has(ben)).to.equal(false);
        now = NOON + 60_000;
        expect(await store.bans.has(anna)).to.equal(false);
      });

      it("are permanent without an end time, and can be lifted", async () => {
        const anna = randomUUID();
        await store.bans.set(anna, { by: "mona", until: NOON + 60_000 });
        await store.bans.set(anna, { by: "mona" });
        now = NOON + 36_500 * DAY_MILLISECONDS;
        expect(await store.bans.has(anna)).to.equal(true);
        for (let times = 0; times < 2; times += 1) await store.bans.lift(anna);
        expect(await store.bans.has(anna)).to.equal(false);
      });
    });

    describe("lastingChannels", () => {
      const channelsOf = async (user: string) =>
        (await store.handshakes.readUser(user, { ban: false, invitations: [] })).channels;

      it("keep the channels of a user, each once, until they are removed", async () => {
        const [anna, ben] = [randomUUID(), randomUUID()];
        expect(await channelsOf(anna)).to.deep.equal([]);
        for (const channel of ["dev", "ops", "dev"]) {
          expect(await store.lastingChannels.add(anna, channel)).to.equal(true);
        }
        expect(await channelsOf(anna)).to.have.members(["dev", "ops"]);
        expect(await channelsOf(ben)).to.deep.equal([]);
        expect(await store.lastingChannels.remove(anna, ["dev", "other"])).to.equal(true);
        expect(await store.lastingChannels.remove(anna, ["dev", "other"])).to.equal(false);
        now = NOON + 10_000 * DAY_MILLISECONDS;
        expect(await channelsOf(anna)).to.deep.equal(["ops"]);
        expect(await store.lastingChannels.remove(anna, ["ops", "dev"])).to.equal(true);
        expect(await store.lastingChannels.remove(anna, ["ops"])).to.equal(false);
        expect(await channelsOf(anna)).to.deep.equal([]);
      });

      it("have the groups of the user, which the first channel adds, until they are replaced or no channel is left", async () => {
        const anna = randomUUID();
        const { lastingChannels } = store;
        const groups = async () =>
          [...(await store.handshakes.readUser(anna, { ban: false, invitations: [] })).groups].sort();
        await lastingChannels.setGroups(anna, ["staff"]);
        expect(await groups(), "without channels").to.deep.equal([]);
        await lastingChannels.add(anna, "dev");
        expect(await groups()).to.deep.equal([]);
        for (const group of ["staff", "guests"]) await lastingChannels.add(anna, "~ops", [group]);
        expect(await groups()).to.deep.equal(["staff"]);
        for (const next of [["admins", "staff"], [], ["staff"]]) {
          for (let times = 0; times < 2; times += 1) await lastingChannels.setGroups(anna, next);
          expect(await groups()).to.deep.equal(next);
        }
        await lastingChannels.remove(anna, ["dev", "~ops"]);
        await lastingChannels.add(anna, "dev");
        expect(await groups()).to.deep.equal([]);
      });

      it("are at most 49 for each user", async () => {
        const anna = randomUUID();
        const add = (channel: string) => store.lastingChannels.add(anna, channel);
        for (let index = 0; index < 49; index += 1) expect(await add(`c-${index}`)).to.equal(true);
        expect([await add("c-48"), await add("c-49")]).to.deep.equal([true, false]);
        expect(await channelsOf(anna)).to.have.length(49);
      });
    });

    describe("handshakes", () => {
      const of = (connected: Connected) => ({ ...connected, joinedAt: NOON });

      for (const isAtOnce of [true, false])
        it(`store the connection, its user, its address and its members${isAtOnce ? " at once" : ""}`, async () => {
          const [user, address] = [randomUUID(), randomUUID()];
          const memberships = Array.from({ length: 26 }, aShard);
          const anna = aConnection({ user, groups: ["staff"], address, memberships, isLasting: true });
          if (isAtOnce) await store.handshakes.addAll(of(anna));
          else {
            await store.handshakes.addConnection(anna);
            await store.handshakes.addMembers(of(anna));
          }
          expect({ ...(await store.connections.get(anna.id)), memberships: [] }).to.deep.equal({
            ...anna,
            memberships: [],
          });
          expect((await store.users.connectionsOf(user)).map(({ id }) => id)).to.deep.equal([anna.id]);
          expect((await store.addresses.connectionsFrom(address)).map(({ id }) => id)).to.deep.equal([anna.id]);
          for (const shard of memberships) {
            const { id, connectedAt, protocol } = anna;
            const member = { id, connectedAt, user, protocol, joinedAt: NOON };
            expect(await allMembers(store.members, shard)).to.deep.equal([member]);
          }
        });

      it("read whether a user is banned, if requested, and the invitations of the user", async () => {
        const [user, one, other] = [randomUUID(), `~${randomUUID()}`, `~${randomUUID()}`];
        await store.bans.set(user, { by: "mona" });
        await store.invitations.give(one, user);
        const read = (ban: boolean) => store.handshakes.readUser(user, { ban, invitations: [one, other] });
        expect(await read(true)).to.deep.equal({ isBanned: true, channels: [], invitedTo: [one] });
        expect((await read(false)).isBanned).to.equal(false);
        now = NOON + 31 * DAY_MILLISECONDS;
        expect((await read(true)).invitedTo).to.deep.equal([]);
      });

      it("read which channels exist, their shards for newcomers, and invitations", async () => {
        const [dev, ops, missing, user] = [aShard().channel, aShard().channel, aShard().channel, randomUUID()];
        const [invited, uninvited] = [`~${randomUUID()}`, `~${randomUUID()}`];
        for (const channel of [dev, ops]) await store.channels.open(channel);
        await store.channels.grow(ops, 4);
        await store.invitations.give(invited, user);
        const query = { user, channels: [dev, ops, missing], invitations: [invited, uninvited], isConsistent: true };
        const { channels, invitations } = await store.handshakes.readChannels(query);
        expect([...channels.keys()]).to.deep.equal([dev, ops]);
        expect([...channels.values()].map(({ newcomers }) => newcomers)).to.deep.equal([1, 4]);
        expect([...invitations]).to.deep.equal([[invited, { isDue: false }]]);
        now = NOON + 31 * DAY_MILLISECONDS;
        const later = await store.handshakes.readChannels(query);
        expect([later.channels.size, later.invitations.size]).to.deep.equal([0, 0]);
      });
    });

    describe("members", () => {
      it("are stored by channel and shard", async () => {
        const [anna, ben] = [memberOf(aConnection()), memberOf(aConnection())];
        const first = aShard();
        const second = { ...first, shard: 1 };
        await store.members.add(first, anna);
        await store.members.add(second, ben);

        expect(await allMembers(store.members, first)).to.deep.equal([anna]);
        expect(await allMembers(store.members, second)).to.deep.equal([ben]);
        expect(await allMembers(store.members, { ...first, shard: 2 })).to.deep.equal([]);
      });

      it("are found by id until they are removed or past their TTL", async () => {
        const shard = aShard();
        const anna = memberOf(aConnection({ connectedAt: NOON }));
        expect(await store.members.has(shard, anna.id)).to.equal(false);
        await store.members.add(shard, anna);
        expect(await store.members.has(shard, anna.id)).to.equal(true);
        now = NOON + LIFE_MILLISECONDS;
        expect(await store.members.has(shard, anna.id)).to.equal(false);
        now = NOON;
        await store.members.remove(shard, anna.id);
        expect(await store.members.has(shard, anna.id)).to.equal(false);
      });

      it("have the time of the join and the expiry of the token", async () => {
        const shard = aShard();
        const anna = { ...memberOf(aConnection()), joinedAt: NOON, expiresAt: NOON + 1 };
        await store.members.add(shard, anna);
        expect(await allMembers(store.members, shard)).to.deep.equal([anna]);
      });

      it("can be added and removed repeatedly", async () => {
        const shard = aShard();
        const anna = memberOf(aConnection());
        await store.members.add(shard, anna);
        await store.members.add(shard, anna);
        expect(await allMembers(store.members, shard)).to.deep.equal([anna]);

        await store.members.remove(shard, anna.id);
        await store.members.remove(shard, anna.id);
        expect(await allMembers(store.members, shard)).to.deep.equal([]);
      });

      it("can be renamed, but a rename does not create a member", async () => {
        const shard = aShard();
        const anna = memberOf(aConnection({ protocol: "chat.v1" }));
        await store.members.add(shard, anna);
        await store.members.rename(shard, { id: anna.id, user: "anna" });
        await store.members.rename(shard, { id: "nobody", user: "ben" });
        expect(await allMembers(store.members, shard)).to.deep.equal([{ ...anna, user: "anna" }]);
      });

      it("are not returned past their TTL, whether the store has deleted them or not", async () => {
        const shard = aShard();
        const member = memberOf(aConnection({ connectedAt: NOON }));
        await store.members.add(shard, member);

        now = NOON + LIFE_MILLISECONDS - 1;
        expect(await allMembers(store.members, shard)).to.deep.equal([member]);
        now += 1;
        expect(await allMembers(store.members, shard)).to.deep.equal([]);
      });

      it("are all returned for a large channel, without the channel's own item", async () => {
        const shard = aShard();
        await store.channels.open(shard.channel);
        const many = Array.from({ length: 300 }, () => memberOf(aConnection()));
        await Promise.all(many.map((member) => store.members.add(shard, member)));

        expect(await allMembers(store.members, shard)).to.have.deep.members(many);
      });

      it("are returned after a given connection, in pages of a given size", async () => {
        const shard = aShard();
        const many = Array.from({ length: 5 }, () => memberOf(aConnection()));
        for (const member of many) await store.members.add(shard, member);
        const [first] = many as [Member];
        const pages: string[][] = [];
        for await (const page of store.members.pages(shard, { after: first.id, limit: 2 })) {
          if (page.members.length > 0) pages.push(page.members.map(({ id }) => id));
        }
        expect(pages).to.deep.equal([
          [many[1]?.id, many[2]?.id],
          [many[3]?.id, many[4]?.id],
        ]);
      });
    });

    describe("channels", () => {
      it("exist once they are opened, and are listed alphabetically", async () => {
        const names = ["b", "a", "c"].map((letter) => `${letter}-${randomUUID()}`);
        for (const name of names) {
          expect(await store.channels.shardsOf(name)).to.equal(undefined);
          expect(await store.channels.open(name)).to.equal(1);
          expect(await store.channels.shardsOf(name)).to.equal(1);
        }
        const listed = await store.channels.list({ limit: 1000 });
        expect(listed.filter((name) => names.includes(name))).to.deep.equal([...names].sort());
        const [first, second] = listed as [string, string];
        expect(await store.channels.list({ after: first, limit: 1 })).to.deep.equal([second]);
      });

      it("are not listed if they are private", async () => {
        const name = `~${randomUUID()}`;
        await store.channels.open(name);
        expect(await store.channels.shardsOf(name)).to.equal(1);
        expect(await store.channels.list({ limit: 1000 })).not.to.include(name);
      });

      it("include the lobby by default", async () => {
        expect(await store.channels.shardsOf("lobby")).to.equal(1);
      });

      const firstPage = async (shard: Shard, from: PageStart = {}): Promise<Page | undefined> =>
        (await store.members.pages(shard, from)[Symbol.asyncIterator]().next()).value;

      it("grow once for simultaneous requests, and return the growth with the first page of the first shard", async () => {
        const shard = aShard();
        const { channel } = shard;
        const anna = memberOf(aConnection());
        await store.channels.open(channel);
        await store.members.add(shard, anna);
        await store.members.add({ channel, shard: 1 }, anna);
        expect((await firstPage(shard))?.growth).to.equal(undefined);
        await Promise.all([2, 4, 4].map((shards) => store.channels.grow(channel, shards)));
        await store.channels.grow(channel, 2);
        await store.channels.grow(channel, 1);
        const growth = { shards: 4, newcomers: 4, isEnding: false };
        expect(await firstPage(shard)).to.deep.equal({ members: [anna], next: undefined, growth });
        expect((await firstPage(shard, { after: "A" }))?.growth).to.equal(undefined);
        expect((await firstPage({ channel, shard: 1 }))?.growth).to.equal(undefined);
        expect(await store.channels.open(channel)).to.equal(4);
        expect(await store.channels.shardsOf(channel)).to.equal(4);
      });

      it("send no newcomers to shards that are not renewed, and read them until their members have expired", async () => {
        const { channel } = aShard();
        await store.channels.open(channel);
        await store.channels.grow(channel, 16);
        now = NOON + 299_000;
        expect(await store.channels.open(channel)).to.equal(16);
        await store.channels.grow(channel, 16);
        now += 301_000;
        expect(await store.channels.open(channel)).to.equal(1);
        await store.channels.grow(channel, 2);
        expect(await store.channels.open(channel)).to.equal(2);
        expect(await store.channels.shardsOf(channel)).to.equal(16);
        now = NOON + 599_000 + (7200 + 300) * 1000;
        expect(await store.channels.shardsOf(channel)).to.equal(2);
        now = NOON + DAY_MILLISECONDS;
        expect(await store.channels.shardsOf(channel)).to.equal(1);
      });

      it("keep their growth when they are opened again", async () => {
        const { channel } = aShard();
        await store.channels.open(channel);
        now = NOON + 20 * DAY_MILLISECONDS;
        await store.channels.grow(channel, 2);
        expect(await store.channels.open(channel)).to.equal(2);
        expect(await store.channels.shardsOf(channel)).to.equal(2);
      });

      it("expire thirty days after the last join", async () => {
        const { channel } = aShard();
        await store.channels.open(channel);
        now = NOON + 20 * DAY_MILLISECONDS;
        await store.channels.open(channel);
        now = NOON + 49 * DAY_MILLISECONDS;
        expect(await store.channels.shardsOf(channel)).to.equal(1);
        now = NOON + 50 * DAY_MILLISECONDS;
        expect(await store.channels.shardsOf(channel)).to.equal(undefined);
        expect(await store.channels.list({ limit: 1000 })).not.to.include(channel);
      });
    });

    describe("reactions", () => {
      const id = ulid(NOON);
      let channel: string;
      beforeEach(() => {
        channel = aShard().channel;
      });
      const set = (author: string, emoji: string | null, own = {}) =>
        store.reactions.set({ channel, id, author, emoji, change: "1", ...own });

      it("are one for each author, and return the id of the former record", async () => {
        expect(await store.reactions.get({ channel, id }, "anna")).to.equal(undefined);
        const first = await set("anna", "👍");
        expect(first).to.deep.equal({ reactions: { counts: [{ emoji: "👍", count: 1 }], own: "👍", revision: 1 } });
        expect(await set("ben", "👍", { change: "2" })).to.have.property("former", "1");
        expect(await set("ben", null, { change: "3" })).to.deep.equal({
          reactions: { counts: [{ emoji: "👍", count: 1 }], revision: 3 },
          former: "2",
        });
        expect(await store.reactions.get({ channel, id }, "anna")).to.deep.equal({ ...first.reactions, revision: 3 });
      });

      it("are read for a range of messages of one channel, until they are removed", async () => {
        const [before, after] = [ulid(NOON - 1), ulid(NOON + 1)];
        for (const other of [{ id: before }, { id: after }, aShard()]) await set("anna", "🎉", other);
        await set("anna", "👍", { change: "2" });
        const between = (first: string, last: string) => store.reactions.between({ channel, first, last, author: "" });
        expect([...(await between(before, id)).keys()]).to.deep.equal([before, id]);
        expect((await between(id, id)).get(id)).to.deep.equal({ counts: [{ emoji: "👍", count: 1 }], revision: 1 });
        for (let times = 0; times < 2; times += 1) await store.reactions.remove({ channel, id });
        expect([...(await between(before, after)).keys()]).to.deep.equal([before, after]);
      });

      it("have records in the order of their ids, which can be repeated and deleted", async () => {
        const records = [1, 2, 3].map((index) => ({ id: ulid(NOON + index), channel, reacted: id }));
        const [first, second, third] = records as [Reacted, Reacted, Reacted];
        for (const record of [third, first, second, second]) await store.reactions.record({ ...record, revision: 2 });
        const read = (own = {}) => store.reactions.records({ channel, limit: 10, ...own });
        expect(await read()).to.deep.equal(records);
        expect(await read({ after: first.id, limit: 1 })).to.deep.equal([second]);
        expect(await read({ before: second.id })).to.deep.equal([first]);
        expect(await read({ after: third.id, before: first.id })).to.deep.equal([]);
        await store.reactions.forget({ ...second, revision: 2 });
        expect(await read(), "a record that is not older").to.deep.equal(records);
        for (let times = 0; times < 2; times += 1) await store.reactions.forget({ ...second, revision: 3 });
        expect(await read()).to.deep.equal([first, third]);
      });

      it("have no record that is stored after a newer change has deleted it, unless its own change is newer", async () => {
        const record = { id: ulid(NOON + 1), channel, reacted: id };
        const read = () => store.reactions.records({ channel, limit: 10 });
        await store.reactions.forget({ ...record, revision: 2 });
        await store.reactions.record({ ...record, revision: 1 });
        await store.reactions.settle(record);
        expect(await read()).to.deep.equal([]);
        await store.reactions.record({ ...record, revision: 3 });
        expect(await read()).to.deep.equal([record]);
      });

      it("are settled with the record of their latest change", async () => {
        const change = ulid(NOON + 1);
        const record = { id: change, channel, reacted: id };
        expect(await store.reactions.isSettled({ channel, id })).to.equal(false);
        await set("anna", "👍", { change });
        await store.reactions.record({ ...record, revision: 1 });
        expect(await store.reactions.isSettled({ channel, id })).to.equal(false);
        for (let times = 0; times < 2; times += 1) await store.reactions.settle(record);
        expect(await store.reactions.isSettled({ channel, id })).to.equal(true);
        expect(await store.reactions.records({ channel, limit: 10 })).to.deep.equal([record]);
        await set("ben", "👍", { change: ulid(NOON + 2) });
        expect(await store.reactions.isSettled({ channel, id })).to.equal(false);
      });

      it("expire with their message", async () => {
        await set("anna", "👍");
        await store.reactions.record({ id: ulid(NOON + DAY_MILLISECONDS), channel, reacted: id, revision: 1 });
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS + 1000;
        expect(await store.reactions.get({ channel, id }, "anna")).to.equal(undefined);
        expect(await store.reactions.records({ channel, limit: 10 })).to.deep.equal([]);
      });
    });

    describe("messages", () => {
      /** Stores this many messages in a new channel, and returns them oldest first. */
      async function storedMessages(count: number): Promise<Message[]> {
        const { channel } = aShard();
        const all = Array.from({ length: count }, (_, index) => aMessage({ id: ulid(NOON + index), channel }));
        for (const message of [...all].reverse()) await store.messages.store(message);
        return all;
      }

      it("are read in the order of their ids, in both directions, between two ids", async () => {
        const all = await storedMessages(5);
        const [first] = all as [Message];
        const read = (own: Partial<Slice>) =>
          store.messages.read({ channel: first.channel, limit: 10, latestFirst: false, ...own });
        expect(await read({})).to.deep.equal(all);
        expect(await read({ latestFirst: true, limit: 2 })).to.deep.equal([all[4], all[3]]);
        expect(await read({ after: all[1]?.id })).to.deep.equal(all.slice(2));
        expect(await read({ before: all[3]?.id, latestFirst: true, limit: 2 })).to.deep.equal([all[2], all[1]]);
        expect(await read({ after: all[0]?.id, before: all[4]?.id, limit: 2 })).to.deep.equal(all.slice(1, 3));
        expect(await read({ after: all[4]?.id })).to.deep.equal([]);
      });

      it("exist once, even if they are stored repeatedly", async () => {
        const [first] = (await storedMessages(1)) as [Message];
        const message = { ...first, clientMessageId: "c-1", publisher: true as const };
        await store.messages.store(message);
        expect(await store.messages.read({ channel: message.channel, limit: 2, latestFirst: false })).to.deep.equal([
          message,
        ]);
      });

      it("leave a tombstone without text and mentions when they are deleted, which a repeat does not overwrite", async () => {
        const reply = aMessage({ channel: aShard().channel, replyTo: ulid(NOON - 1) });
        const message = { ...reply, mentions: ["ben", "zoë"] };
        const read = () => store.messages.read({ channel: message.channel, limit: 2, latestFirst: false });
        await store.messages.store(message);
        expect(await read()).to.deep.equal([message]);
        expect(await store.messages.delete(message)).to.equal(true);
        const tombstone = { ...reply, data: "", deleted: true };
        expect(await read()).to.deep.equal([tombstone]);
        expect(await store.messages.store(message)).to.equal(false);
        expect(await store.messages.delete(message)).to.equal(true);
        expect(await read()).to.deep.equal([tombstone]);
      });

      it("are not stored under a blocked id, which no reader returns, even if its clock differs", async () => {
        const [stored] = (await storedMessages(1)) as [Message];
        const late = { ...stored, id: ulid(NOON - 1) };
        expect(await store.messages.block(late)).to.equal(true);
        expect(await store.messages.block(late), "again").to.equal(true);
        expect(await store.messages.store(late)).to.equal(false);
        expect(await store.messages.delete(late)).to.equal(false);
        now = NOON - 10_000;
        expect(await store.messages.read({ channel: stored.channel, limit: 2, latestFirst: false })).to.deep.equal([
          stored,
        ]);
      });

      it("prevent their id from being blocked, even after their deletion", async () => {
        const [message] = (await storedMessages(1)) as [Message];
        expect(await store.messages.block(message)).to.equal(false);
        await store.messages.delete(message);
        expect(await store.messages.block(message)).to.equal(false);
      });

      it("are edited once per edit that they had, which neither a repeat nor a late write undoes", async () => {
        const [stored] = (await storedMessages(1)) as [Message];
        const message = { ...stored, author: "USER#ben" };
        await store.messages.store(message);
        const edited = {
          ...message,
          data: "new",
          edit: ulid(NOON),
          editDigest: "first",
          versions: [{ data: message.data }],
        };
        const later = { ...edited, data: "newer", edit: ulid(NOON + 1), editDigest: "second" };
        expect(await store.messages.edit(edited, undefined)).to.equal(true);
        expect(await store.messages.edit(edited, undefined), "a repeat").to.equal(false);
        expect(await store.messages.get(message)).to.deep.equal(edited);
        expect(await store.messages.edit(later, edited.edit)).to.equal(true);
        expect(await store.messages.edit(edited, undefined), "late").to.equal(false);
        expect(await store.messages.store(message)).to.equal(false);
        expect(await store.messages.get(message)).to.deep.equal(later);
        expect(await store.messages.delete(message)).to.equal(true);
        expect(await store.messages.get(message)).to.deep.equal({ ...message, data: "", deleted: true });
        expect(await store.messages.edit(later, later.edit), "deleted").to.equal(false);
      });

      it("are not created by an edit", async () => {
        const [stored] = (await storedMessages(1)) as [Message];
        const message = { ...stored, id: ulid(NOON - 1), edit: ulid(NOON), editDigest: "first", versions: [] };
        expect(await store.messages.edit(message, undefined)).to.equal(false);
        expect(await store.messages.get(message)).to.equal(undefined);
      });

      it("are read together with the records of their edits, which are not messages", async () => {
        const [{ id: edited, channel }] = (await storedMessages(1)) as [Message];
        const record = { id: ulid(NOON + 60_000), channel, edited };
        await store.messages.record(record);
        expect(await store.messages.read({ channel, after: edited, limit: 2, latestFirst: false })).to.deep.equal([
          record,
        ]);
        expect(await store.messages.get(record)).to.equal(undefined);
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS;
        expect(await store.messages.get({ channel, id: edited }), "expired").to.equal(undefined);
      });

      it("cannot be deleted if they do not exist", async () => {
        const [message] = (await storedMessages(1)) as [Message];
        expect(await store.messages.delete({ ...message, id: ulid(NOON - 1) })).to.equal(false);
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS;
        expect(await store.messages.delete(message)).to.equal(false);
      });

      it("are read together with the records of their deletions, each once", async () => {
        const all = await storedMessages(3);
        const [{ id: message, channel }, , last] = all as [Message, Message, Message];
        const deletion = { id: ulid(NOON + 60_000), channel, message, by: "mona" };
        await store.messages.record(deletion);
        await store.messages.record(deletion);
        const read = (own: Partial<Slice>) => store.messages.read({ channel, limit: 10, latestFirst: false, ...own });
        expect(await read({})).to.deep.equal([...all, deletion]);
        expect(await read({ after: last.id })).to.deep.equal([deletion]);
        expect(await store.messages.delete(deletion), "a deletion is not a message").to.equal(false);
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS;
        expect(await read({}), "expires with the message").to.deep.equal([]);
      });

      it("are read between any two ids, in any order, without an error", async () => {
        const all = await storedMessages(6);
        const [{ channel }] = all as [Message];
        const time = fc.oneof(fc.integer({ min: NOON - 1, max: NOON + 7 }), fc.constantFrom(0, 2 ** 48 - 1));
        const random = fc.constantFrom("0".repeat(16), "Z".repeat(16), ...all.map(({ id }) => id.slice(10)));
        const id = fc.tuple(time, random).map(([at, rest]) => encodeTime(at) + rest);
        const neighbor = fc
          .constantFrom(...all)
          .chain((each) => fc.constantFrom(each.id, sortsAfter(each.id), sortsBefore(each.id)))
          .filter((each) => ULID.test(each));
        const bound = fc.option(fc.oneof(id, neighbor), { nil: undefined });
        const property = fc.asyncProperty(bound, bound, fc.boolean(), async (after, before, latestFirst) => {
          const found = await store.messages.read({ channel, limit: 10, latestFirst, after, before });
          const expected = all.filter((each) => each.id > (after ?? "") && each.id < (before ?? "~"));
          expect(found).to.deep.equal(latestFirst ? expected.reverse() : expected);
        });
        await fc.assert(property, { numRuns: 200 });
      });

      it("expire after the retention", async () => {
        const all = await storedMessages(3);
        const [{ channel }] = all as [Message];
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS;
        expect(await store.messages.read({ channel, limit: 3, latestFirst: false })).to.deep.equal([]);
      });
    });

    describe("read markers", () => {
      const [earlier, later] = [ulid(NOON), ulid(NOON + 1)];

      it("move forward only, for one user in one channel", async () => {
        const marker = { user: `anna-${randomUUID()}`, channel: "ops", id: later };
        expect(await store.readMarkers.advance(marker)).to.equal(true);
        expect(await store.readMarkers.advance(marker), "a repeat").to.equal(true);
        expect(await store.readMarkers.advance({ ...marker, id: earlier })).to.equal(false);
        expect(await store.readMarkers.advance({ ...marker, channel: "~dev", id: earlier })).to.equal(true);
        const markers = await store.readMarkers.list(marker.user);
        expect([...markers]).to.have.deep.members([
          ["ops", later],
          ["~dev", earlier],
        ]);
        expect([...(await store.readMarkers.list(`ben-${randomUUID()}`))]).to.deep.equal([]);
      });

      it("of conversations are listed separately, and each can be read on its own", async () => {
        const marker = { user: `anna-${randomUUID()}`, channel: "DIRECT#pair", id: later };
        await store.readMarkers.advance(marker);
        await store.readMarkers.advance({ ...marker, channel: "ops", id: earlier });
        const logs = ["DIRECT#pair", "DIRECT#other", "DIRECT#pair"];
        const conversations = () => store.readMarkers.listConversations(marker.user, logs);
        expect([...(await conversations())]).to.deep.equal([["DIRECT#pair", later]]);
        expect([...(await store.readMarkers.listConversations(marker.user, ["DIRECT#other"]))]).to.deep.equal([]);
        expect([...(await store.readMarkers.list(marker.user))]).to.deep.equal([["ops", earlier]]);
        expect(await store.readMarkers.get(marker.user, "DIRECT#pair")).to.equal(later);
        expect(await store.readMarkers.get(marker.user, "DIRECT#other")).to.equal(undefined);
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS + 1;
        expect(await store.readMarkers.get(marker.user, "DIRECT#pair")).to.equal(undefined);
        expect([...(await conversations())]).to.deep.equal([]);
      });

      it("find a message that is stored, deleted or not, and no changes, blocked ids or expired messages", async () => {
        const { channel } = aShard();
        const [kept, deleted, change, blocked, missing] = [1, 2, 3, 4, 5].map((index) =>
          ulid(NOON + index),
        ) as string[];
        const message = (id = "") => aMessage({ channel, id });
        for (const id of [kept, deleted]) await store.messages.store(message(id));
        await store.messages.delete(message(deleted));
        await store.messages.record({ id: change ?? "", channel, message: deleted ?? "", by: "ben" });
        await store.messages.block(message(blocked));
        const has = (ids: readonly (string | undefined)[]) =>
          Promise.all(ids.map((id = "") => store.readMarkers.hasMessage({ channel, id })));
        expect(await has([kept, deleted, change, blocked, missing])).to.deep.equal([true, true, false, false, false]);
        expect(await store.readMarkers.hasMessage({ channel: "other", id: kept ?? "" })).to.equal(false);
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS + 1_000;
        expect(await has([kept])).to.deep.equal([false]);
      });

      it("expire with their messages", async () => {
        const marker = { user: `anna-${randomUUID()}`, channel: "ops", id: earlier };
        await store.readMarkers.advance(marker);
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS;
        expect([...(await store.readMarkers.list(marker.user))]).to.deep.equal([]);
      });

      it("count the messages of others that are not deleted, without edits and deletions", async () => {
        const { channel } = aShard();
        const ids = Array.from({ length: 7 }, (_, index) => ulid(NOON + index)) as [string, string, string, string];
        const [read, own, deleted, edited, published, deletion, edit] = ids as string[] as [string, ...string[]];
        const message = (id = "", from = "ben") => aMessage({ channel, id, from, author: `USER#${from}` });
        for (const id of [read, deleted, edited]) await store.messages.store(message(id));
        await store.messages.store(message(own, "anna"));
        await store.messages.store({ ...message(published, "anna"), publisher: true });
        await store.messages.delete(message(deleted));
        await store.messages.edit(
          { ...message(edited), data: "ho", edit: ulid(NOON), editDigest: "digest", versions: [] },
          undefined,
        );
        await store.messages.record({ id: deletion ?? "", channel, message: deleted ?? "", by: "ben" });
        await store.messages.record({ id: edit ?? "", channel, edited: edited ?? "" });
        const count = (after?: string) => store.readMarkers.count({ user: "anna", channel, after });
        expect(await count()).to.deep.equal({ count: 3 });
        expect(await count(read)).to.deep.equal({ count: 2 });
        expect(await count(published)).to.deep.equal({ count: 0 });
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS;
        expect(await count()).to.deep.equal({ count: 0 });
      });

      it("count one page of a hundred entries, or the next page if no entry counts, and report that there are more", async () => {
        const { channel } = aShard();
        const ids = Array.from({ length: 202 }, (_, index) => ulid(NOON + index));
        const from = (index: number) => (index < 100 ? "anna" : "ben");
        // A write is aborted after five seconds, which a simulated service exceeds with more writes at once.
        for (let start = 0; start < ids.length; start += 25) {
          const part = ids.slice(start, start + 25).map((id, index) => ({ id, channel, from: from(start + index) }));
          await Promise.all(part.map((own) => store.messages.store(aMessage(own))));
        }
        const count = (after?: string) => store.readMarkers.count({ user: "anna", channel, after });
        expect(await count(), "the second page").to.deep.equal({ count: 100, more: true });
        expect(await count(ids[98]), "one of the user's own").to.deep.equal({ count: 99, more: true });
        expect(await count(ids[102])).to.deep.equal({ count: 99 });
      });
    });

    for (const kind of ["repeats", "published"] as const) {
      describe(kind, () => {
        it("return the id of the first message for ten minutes, to the same user in the same channel", async () => {
          const request = { user: `anna-${randomUUID()}`, channel: "lobby", id: "c-1", data: "hi", message: "first" };
          const claimed = async (own: Partial<Repeatable>) => (await store[kind].claim({ ...request, ...own })).message;
          expect(await claimed({})).to.equal("first");
          expect(await claimed({ message: "second" })).to.equal("first");
          for (const own of [{ user: `ben-${randomUUID()}` }, { channel: "ops" }, { id: "c-2" }, { data: "ho" }]) {
            expect(await claimed({ ...own, message: "other" })).to.equal("other");
          }
          now = NOON + 10 * 60_000;
          expect(await claimed({ message: "third" })).to.equal("third");
        });

        it("report whether the message was sent", async () => {
          const request = { user: `anna-${randomUUID()}`, channel: "lobby", id: "c-1", data: "hi", message: "first" };
          const repeat = { ...request, message: "second" };
          expect(await store[kind].claim(request)).to.deep.equal({ message: "first", isDelivered: false });
          expect(await store[kind].claim(repeat)).to.deep.equal({ message: "first", isDelivered: false });
          await store[kind].settle(request);
          expect(await store[kind].claim(repeat)).to.deep.equal({ message: "first", isDelivered: true });
        });
      });

      describe(`${kind} with a blocked id`, () => {
        const aRequest = (): Repeatable => ({
          ...{ user: `anna-${randomUUID()}`, channel: "lobby", id: "c-1", data: "hi", message: "first" },
        });

        it("share one new id", async () => {
          const request = aRequest();
          await store[kind].claim(request);
          const claims = await Promise.all(
            ["second", "third"].map((message) => store[kind].claim({ ...request, message }, "first")),
          );
          const [claim] = claims;
          expect(["second", "third"]).to.include(claim?.message);
          expect(claims).to.deep.equal([claim, claim]);
          expect(await store[kind].claim({ ...request, message: "fourth" })).to.deep.equal(claim);
        });

        it("keep the id of a message that was sent", async () => {
          const request = aRequest();
          await store[kind].settle(request);
          const claim = await store[kind].claim({ ...request, message: "second" }, "first");
          expect(claim).to.deep.equal({ message: "first", isDelivered: true });
        });
      });
    }

    it("separates the ids of backends from the ids of users, and of names and channels with a #", async () => {
      const from = randomUUID();
      const request = { user: from, channel: "@anna", id: "c-1", data: "hi", message: "first" };
      await store.repeats.claim(request);
      const others = [
        request,
        { ...request, user: `${from}#@anna` },
        { ...request, channel: "@anna#hi" },
        { ...request, id: "hi#c-1" },
        { ...request, channel: "@", data: "annahi" },
      ];
      for (const [index, other] of others.entries()) {
        const message = `message ${index}`;
        expect(await store.published.claim({ ...other, message })).to.deep.equal({ message, isDelivered: false });
      }
    });

    describe("conversations", () => {
      const idAt = (milliseconds: number) => `${encodeTime(milliseconds)}${"0".repeat(16)}`;
      const aUser = () => `anna-${randomUUID()}`;
      const other = { name: "ben" };
      const pairWith = (name: string) => pairOf("anna", { name });

      it("are listed for each user with the latest message, whatever the order in which it is recorded", async () => {
        const [anna, carol, pair] = [aUser(), aUser(), pairWith("ben")];
        await store.conversations.record(anna, { pair, other, last: idAt(NOON) });
        await store.conversations.record(anna, { pair, other, last: idAt(NOON + 1) });
        for (const last of [idAt(NOON), idAt(NOON + 1)]) await store.conversations.record(anna, { pair, other, last });
        await store.conversations.record(carol, { pair, other, last: idAt(NOON + 2) });
        await store.users.add({ ...memberOf(aConnection()), user: anna });
        await store.knownUsers.add(anna);
        const listed = await store.conversations.list(anna, { limit: 9 });
        expect(listed).to.deep.equal([{ pair, other, last: idAt(NOON + 1) }]);
        expect(await store.users.connectionsOf(anna)).to.have.length(1);
      });

      it("are listed page by page, with those of backends", async () => {
        const anna = aUser();
        const all = ["ben", "carol", "dora"].map((name) => ({
          pair: pairWith(name),
          other: { name, ...(name === "dora" && { publisher: true as const }) },
          last: idAt(NOON),
        }));
        for (const each of all) await store.conversations.record(anna, each);
        const first = await store.conversations.list(anna, { limit: 2 });
        const rest = await store.conversations.list(anna, { limit: 2, after: first[1]?.pair });
        expect([first.length, rest.length]).to.deep.equal([2, 1]);
        expect([...first, ...rest]).to.have.deep.members(all);
      });

      it("are listed as long as the latest message is kept", async () => {
        const anna = aUser();
        await store.conversations.record(anna, { pair: pairWith("ben"), other, last: idAt(NOON) });
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS - 1000;
        expect(await store.conversations.list(anna, { limit: 9 })).to.have.length(1);
        now = NOON + RETENTION_DAYS * DAY_MILLISECONDS;
        expect(await store.conversations.list(anna, { limit: 9 })).to.deep.equal([]);
      });

      it("have the latest change, whatever the order in which it is recorded, until the message expires", async () => {
        const [anna, pair] = [aUser(), pairWith("ben")];
        const change = (milliseconds: number) =>
          store.conversations.recordChange(anna, { pair, change: idAt(NOON + milliseconds) });
        await change(1);
        expect(await store.conversations.list(anna, { limit: 9 })).to.deep.equal([]);
        await store.conversations.record(anna, { pair, other, last: idAt(NOON) });
        for (const milliseconds of [2, 3, 2, 3]) await change(milliseconds);
        const changed = { pair, other, last: idAt(NOON), change: idAt(NOON + 3) };
        expect(await store.conversations.list(anna, { limit: 9 })).to.deep.equal([changed]);
        await store.conversations.record(anna, { pair, other, last: idAt(NOON + 4) });
        expect(await store.conversations.list(anna, { limit: 9 })).to.deep.equal([
          { ...changed, last: idAt(NOON + 4) },
        ]);
      });

      it("have messages that are in no channel", async () => {
        const pair = pairWith(randomUUID());
        const message = aMessage({ id: idAt(NOON), channel: conversationLog(pair) });
        expect(await store.messages.store(message)).to.equal(true);
        const slice = { limit: 9, latestFirst: false };
        expect(await store.messages.read({ channel: conversationLog(pair), ...slice })).to.deep.equal([message]);
        expect(await store.messages.read({ channel: pair, ...slice })).to.deep.equal([]);
      });
    });

    describe("users", () => {
      const aUser = () => `anna-${randomUUID()}`;
      const connect = async (user: string, own: Partial<Connected> = {}): Promise<Member> => {
        const { id, connectedAt, protocol } = aConnection(own);
        const member = { id, connectedAt, user, protocol, ...(own.expiresAt && { expiresAt: own.expiresAt }) };
        await store.users.add(member);
        return member;
      };

      it("list their connections until these are removed", async () => {
        const user = aUser();
        const [phone, laptop] = [await connect(user), await connect(user, { protocol: "chat.v1", expiresAt: NOON })];
        await connect(aUser());
        expect(await store.users.connectionsOf(user)).to.have.deep.members([phone, laptop]);
        await store.users.remove(user, phone.id);
        await store.users.remove(user, phone.id);
        expect(await store.users.connectionsOf(user)).to.deep.equal([laptop]);
      });

      it("are known after their last connection", async () => {
        const user = aUser();
        expect(await store.knownUsers.has(user)).to.equal(false);
        const { id } = await connect(user);
        await store.knownUsers.add(user);
        await store.knownUsers.add(user);
        await store.users.remove(user, id);
        expect(await store.knownUsers.has(user)).to.equal(true);
        expect(await store.users.connectionsOf(user)).to.deep.equal([]);
      });

      it("have a status: whether they are connected and known, and their lasting channels", async () => {
        const user = aUser();
        const absent = { isConnected: false, isBanned: false, isKnown: false, channels: [], groups: [] };
        expect(await store.statusOf(user)).to.deep.equal(absent);
        const { id } = await connect(user, { connectedAt: NOON });
        expect(await store.statusOf(user)).to.deep.equal({ ...absent, isConnected: true });
        await store.knownUsers.add(user);
        await store.lastingChannels.add(user, "dev", ["staff"]);
        const other = aUser();
        const conversation = { pair: pairOf(user, { name: other }), other: { name: other }, last: ulid(NOON) };
        await store.conversations.record(user, conversation);
        const lasting = { isBanned: false, channels: ["dev"], groups: ["staff"] };
        expect(await store.statusOf(user)).to.deep.equal({ isConnected: true, isKnown: true, ...lasting });
        now = NOON + LIFE_MILLISECONDS;
        expect(await store.statusOf(user)).to.include({ isConnected: false, isKnown: true });
        now = NOON;
        await store.users.remove(user, id);
        expect(await store.statusOf(user)).to.deep.equal({ isConnected: false, isKnown: true, ...lasting });
        await store.bans.set(user, { by: "mona", until: NOON + 60_000 });
        expect(await store.statusOf(user)).to.include({ isBanned: true });
        now = NOON + 60_000;
        expect(await store.statusOf(user)).to.include({ isBanned: false });
      });

      it("do not list connections past their TTL", async () => {
        const user = aUser();
        await connect(user, { connectedAt: NOON });
        now = NOON + LIFE_MILLISECONDS;
        expect(await store.users.connectionsOf(user)).to.deep.equal([]);
      });

      it("are independent of chosen names", async () => {
        const user = aUser();
        const [member] = [await connect(user), await store.names.claim(user, aConnection())];
        expect(await store.users.connectionsOf(user)).to.deep.equal([member]);
      });
    });

    for (const kind of ["names", "looks"] as const) {
      describe(kind, () => {
        const claimed = async (own: Partial<Connected> = {}) => {
          const connected = aConnection(own);
          const user = `anna-${randomUUID()}`.slice(0, 32);
          expect(await store[kind].claim(user, connected)).to.equal(true);
          return { connected, user };
        };

        it("belong to one connection at a time", async () => {
          const { connected, user } = await claimed({ protocol: "chat.v1" });
          const { id, connectedAt, protocol } = connected;
          expect(await store[kind].claim(user, aConnection())).to.equal(false);
          expect(await store[kind].claim(user, connected)).to.equal(true);
          expect(await store[kind].holder(user)).to.deep.equal({ id, connectedAt, protocol, user });
        });

        it("can be released only by their holder", async () => {
          const { connected, user } = await claimed();
          await store[kind].release(user, "somebody else");
          expect((await store[kind].holder(user))?.id).to.equal(connected.id);
          await store[kind].release(user, connected.id);
          expect(await store[kind].holder(user)).to.equal(undefined);
          await store[kind].release(user, connected.id);
        });

        it("are available once their holder is past its TTL", async () => {
          const { user } = await claimed({ connectedAt: NOON });
          now = NOON + LIFE_MILLISECONDS;
          expect(await store[kind].holder(user)).to.equal(undefined);
          expect(await store[kind].claim(user, aConnection({ connectedAt: now }))).to.equal(true);
        });
      });
    }

    it("stores names and looks separately", async () => {
      const text = `anna-${randomUUID()}`.slice(0, 32);
      const [one, other] = [aConnection(), aConnection()];
      expect([await store.names.claim(text, one), await store.looks.claim(text, other)]).to.deep.equal([true, true]);
      await store.names.release(text, one.id);
      expect((await store.looks.holder(text))?.id).to.equal(other.id);
    });
  });
}
