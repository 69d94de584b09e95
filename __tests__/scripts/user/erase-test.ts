import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { type Store as DynamodbStore, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { ulid } from "ulid";
import { confirmationKey, pairOf } from "../../../aws/table/keys.ts";
import { type SdkTable, sdkTable } from "../../../aws/table/sdk-client.ts";
import { conversationLog } from "../../../chat/channel.ts";
import { isName, isUser } from "../../../chat/user.ts";
import { accessOf, erasePage } from "../../../scripts/user/erase.ts";
import { ERASED_USER } from "../../../scripts/user/erase-item.ts";
import { exportPage } from "../../../scripts/user/export.ts";
import { type Counts, Progress } from "../../../scripts/user/progress.ts";
import type { Item } from "../../../scripts/user/relations.ts";
import { scanAll, scanOf } from "../../../scripts/user/scan.ts";
import { WritePace } from "../../../scripts/user/write-pace.ts";
import { aConnection, aMessage, NOON } from "../../support/builders.ts";
import { RETENTION_DAYS, type Store } from "../../support/memory.ts";
import { storeIn } from "../../support/table.ts";

const ANNA = { user: "anna", isAuthenticated: true };
const now = (): number => NOON;
const UNPACED = new WritePace({ unitsPerSecond: 1, elapsed: now, pause: async () => undefined });
const MINUTE = 60_000;
const PAIR = pairOf("anna", { name: "ben" });
const DIRECT = conversationLog(PAIR);

describe("scripts/user/erase", () => {
  let dynamodb: DynamodbStore;
  let tables = 0;
  before(async () => {
    dynamodb = await startStore({}, guardOptions());
  });
  after(() => dynamodb.stop());

  async function newTable(): Promise<SdkTable> {
    tables += 1;
    const name = `users-${tables}`;
    await createTables(dynamodb.client, [aTable(name)]);
    return sdkTable(dynamodb.client, name);
  }

  const put = (table: SdkTable, item: object) =>
    dynamodb.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(item) }));

  interface RunOptions {
    readonly dryRun?: boolean;
    readonly subject?: typeof ANNA;
    readonly pace?: WritePace;
  }

  async function run(table: SdkTable, command: "export" | "erase", options: RunOptions = {}) {
    const { dryRun = false, subject = ANNA, pace = UNPACED } = options;
    const folder = temporaryDirectory();
    const output = join(folder, "export.jsonl");
    const job = { command, user: subject.user, table: table.name, place: "here" };
    const file = join(folder, "progress.json");
    const isExport = command === "export";
    // An erasure in one segment changes items that another segment has not read yet, so its counts could differ.
    const segments = isExport ? 2 : 1;
    const progress = new Progress({ file, job, resume: false, segments, ...(isExport && { output }) });
    const settings = { retentionDays: RETENTION_DAYS, storesReactions: true, checksBans: true };
    const erase = erasePage({ ...settings, table, subject, now, dryRun, pace });
    await scanAll(scanOf(dynamodb.client, table.name), progress, isExport ? exportPage(subject) : erase);
    progress.end();
    expect(existsSync(file)).to.equal(false);
    const lines = isExport ? readFileSync(output, "utf8").trimEnd().split("\n") : [];
    if (isExport) expect(statSync(output).mode % 0o1000).to.equal(0o600);
    const { "write units": units, ...counts } = progress.counts;
    return { counts, lines: lines.map((line): { role: string; item: Item } => JSON.parse(line)) };
  }

  const itemsOf = async (table: SdkTable): Promise<readonly Item[]> =>
    (await scanOf(dynamodb.client, table.name)({ segment: 0, segments: 1 })).items;

  const texts = (items: readonly unknown[]): string => JSON.stringify(items);

  /** A chat in which anna has done everything that is stored, next to ben and a published message. */
  async function aBusyTable(): Promise<{ table: SdkTable; store: Store; ids: readonly string[] }> {
    const table = await newTable();
    const store = storeIn(table, now);
    const ids = [1, 2, 3, 4].map((minutes) => ulid(NOON - minutes * MINUTE));
    const [edited = "", deleted = "", bens = "", published = ""] = ids;
    const message = { channel: "ops", from: "anna", author: "USER#anna" };
    await store.messages.store(aMessage({ ...message, id: edited, data: "first", clientMessageId: "c-1" }));
    const change = { edit: ulid(NOON), editDigest: "d", versions: [{ data: "first" }] };
    await store.messages.edit({ ...aMessage({ ...message, id: edited, data: "second" }), ...change }, undefined);
    await store.messages.store(aMessage({ ...message, id: deleted, data: "gone" }));
    await store.messages.store(
      aMessage({ channel: "ops", id: bens, from: "ben", author: "USER#ben", data: "hi anna" }),
    );
    await store.messages.store(
      aMessage({ channel: "ops", id: published, from: "anna", publisher: true, data: "built" }),
    );
    await store.messages.delete({ channel: "ops", id: deleted });
    await store.messages.record({ id: ulid(NOON), channel: "ops", message: deleted, by: "anna" });
    for (const user of ["anna", "ben"]) {
      const memberships = [{ channel: "ops", shard: 0 }];
      const connected = aConnection({ user, groups: [], memberships, address: "192.0.2.1" });
      await store.connections.add(connected);
      await store.users.add(connected);
      await store.addresses.add("192.0.2.1", connected);
      await store.members.add({ channel: "ops", shard: 0 }, connected);
      await store.invitations.give("~plans-1", user);
      await store.mutes.set("ops", user, NOON + MINUTE);
      await store.mutes.set("old", user, NOON - MINUTE);
      await store.bans.set(user, { by: user === "anna" ? "mona" : "anna", until: undefined });
      await store.rates.take(`USER#${user}`, { perSecond: 1, burst: 5 });
      const request = { user, channel: "ops", id: "c-1", data: "first", message: edited };
      await store.repeats.claim(request, undefined);
      await store.readMarkers.advance({ user, channel: "ops", id: edited });
      await store.knownUsers.add(user);
      await store.lastingChannels.add(user, "ops");
      const other = { name: user === "anna" ? "ben" : "anna" };
      await store.conversations.record(user, { pair: PAIR, other, last: edited });
      await store.messages.store(
        aMessage({ channel: DIRECT, id: ulid(NOON - 5 * MINUTE), from: user, data: `dear ${other.name}` }),
      );
      await put(table, { ...confirmationKey("github", user), by: user, action: "revoke" });
    }
    for (const mentions of [["anna", "eve"], ["anna"]]) {
      const message = { pk: "LOG#news", sk: ulid(NOON - 6 * MINUTE), from: "eve", data: "news for you", mentions };
      await put(table, { ...message, ttl: NOON / 1000 + 60 });
    }
    await put(table, { pk: "AUDIT#github#2026-07", sk: ulid(NOON), by: { user: "anna" }, said: "done" });
    return { table, store, ids };
  }

  const FOUND: Counts = {
    "connections of the user": 1,
    "members of channels": 1,
    "messages of the user": 3,
    "direct messages of others to the user": 1,
    "mentions of the user in messages of others": 2,
    "conversations of the user": 1,
    "conversations of others with the user": 1,
    "that the user has connected": 1,
    "channels in which the user stays, and groups that give access to them": 1,
    "what the user has read": 1,
    "deletions by the user": 1,
    "the list of connections": 1,
    "invitations of the user": 1,
    "mutes of the user": 2,
    "the ban of the user": 1,
    "bans by the user": 1,
    "message rates of the user": 1,
    "ids of recent frames": 1,
    "lines of the audit trail": 1,
    "chat-ops actions that wait": 1,
  };

  it("exports every item of the user, with earlier texts, into a file that only its owner can read", async () => {
    const { table } = await aBusyTable();
    const { counts, lines } = await run(table, "export");
    expect(counts).to.deep.equal(FOUND);
    expect(lines).to.have.length(Object.values(FOUND).reduce((sum, count) => sum + count));
    const edited = lines.find(({ item }) => item.clientMessageId === "c-1");
    expect(edited?.item).to.deep.include({ data: "second", versions: [{ data: "first" }], from: "anna" });
    // DynamoDB stores these channels as a set.
    expect(lines.find(({ item }) => item.sk === "#CHANNELS")?.item.channels).to.deep.equal(["ops"]);
    expect(lines.find(({ role }) => role === "the ban of the user")?.item).to.include({ by: "mona" });
    expect(texts(lines)).to.not.match(/hi anna|built|news for you/);
  });

  it("deletes texts like a moderator, removes the user's items and name, and keeps what must stay", async () => {
    const { table, store, ids } = await aBusyTable();
    const { counts } = await run(table, "erase");
    const kept = "kept, because";
    expect(counts).to.deep.equal({
      "connections of the user: deleted": 1,
      "members of channels: deleted": 1,
      "messages of the user: text and name deleted": 3,
      [`direct messages of others to the user: ${kept} another user wrote them and can read them`]: 1,
      "mentions of the user in messages of others: name removed": 2,
      "conversations of the user: deleted": 1,
      [`conversations of others with the user: ${kept} the other user needs the name to read the conversation`]: 1,
      "that the user has connected: deleted": 1,
      "channels in which the user stays, and groups that give access to them: deleted": 1,
      "what the user has read: deleted": 1,
      "deletions by the user: name removed": 1,
      "the list of connections: deleted": 1,
      "invitations of the user: deleted": 1,
      "mutes of the user: deleted": 1,
      [`mutes of the user: ${kept} an erasure does not end a mute`]: 1,
      [`the ban of the user: ${kept} an erasure does not end a ban; a moderator ends it with unban`]: 1,
      "bans by the user: name removed": 1,
      "message rates of the user: deleted": 1,
      "ids of recent frames: deleted": 1,
      [`lines of the audit trail: ${kept} the trail records who changed credentials, and its lines are never changed`]: 1,
      "chat-ops actions that wait: deleted": 1,
    });
    const naming = (await itemsOf(table)).filter((item) => /anna/.test(texts([item])) && item.publisher !== true);
    const kinds = ["MUTED#ops", "BANNED#anna", "AUDIT#github#2026-07", "LOG#ops", "CONVERSATIONS#ben", DIRECT];
    expect(naming.map(({ pk }) => pk)).to.have.members(kinds);
    expect(naming.find(({ pk }) => pk === "LOG#ops")).to.include({ from: "ben", data: "hi anna" });
    expect(texts(await itemsOf(table))).to.not.match(/first|second|dear ben/);
    expect((await store.messages.get({ channel: "ops", id: ids[0] ?? "" }))?.from).to.equal(ERASED_USER);
    expect(await store.bans.has("ben")).to.equal(true);
    const news = (await itemsOf(table)).filter(({ pk }) => pk === "LOG#news");
    expect(news.map(({ data, mentions }) => [data, mentions])).to.have.deep.members([
      ["news for you", ["eve"]],
      ["news for you", undefined],
    ]);
    expect(await store.users.connectionsOf("ben")).to.have.length(1);
    expect(await store.addresses.connectionsFrom("192.0.2.1"), "only ben's").to.have.length(1);
  });

  it("records each deletion, so that clients that were away find it in the history", async () => {
    const { table, store, ids } = await aBusyTable();
    const before = ulid(Date.now() - 1);
    await run(table, "erase");
    const entries = await store.messages.read({ channel: "ops", after: before, limit: 10, latestFirst: false });
    expect(entries.map((entry) => "message" in entry && [entry.message, entry.by])).to.have.deep.members([
      [ids[0], "chat-ops"],
      [ids[1], "chat-ops"],
    ]);
  });

  it("deletes the reactions to the user's messages, and removes and records the user's reactions", async () => {
    const { table, store, ids } = await aBusyTable();
    const [own = "", , bens = ""] = ids;
    const react = async (id: string, user: string) => {
      const author = `USER#${user}`;
      const change = ulid(NOON);
      const { reactions } = await store.reactions.set({ channel: "ops", id, author, emoji: "👍", change });
      await store.reactions.record({ id: change, channel: "ops", reacted: id, revision: reactions.revision });
      return change;
    };
    await react(own, "ben");
    await react(bens, "ben");
    const former = await react(bens, "anna");
    const before = ulid(Date.now() - 1);
    await run(table, "erase");
    expect(await store.reactions.get({ channel: "ops", id: own }, "")).to.equal(undefined);
    const remaining = await store.reactions.get({ channel: "ops", id: bens }, "USER#anna");
    expect(remaining).to.deep.equal({ counts: [{ emoji: "👍", count: 1 }], revision: 3 });
    const records = await store.reactions.records({ channel: "ops", limit: 10 });
    expect(records.map(({ id }) => id)).to.not.include(former);
    expect(records.filter(({ id }) => id > before).map(({ reacted }) => reacted)).to.deep.equal([bens]);
    const { counts } = await run(table, "erase");
    expect(counts).to.not.include.keys("reactions of the user: deleted");
  });

  it("leaves the other user a conversation with tombstones", async () => {
    const { table, store } = await aBusyTable();
    await run(table, "erase");
    const [listed] = await store.conversations.list("ben", { limit: 5 });
    expect(listed?.other).to.deep.equal({ name: "anna" });
    const before = ulid(NOON);
    const entries = await store.messages.read({ channel: DIRECT, before, limit: 5, latestFirst: false });
    expect(entries.map((entry) => "from" in entry && [entry.from, entry.data])).to.have.deep.members([
      [ERASED_USER, ""],
      ["ben", "dear anna"],
    ]);
  });

  it("finds nothing to erase when it runs again, and changes nothing in a dry run", async () => {
    const { table } = await aBusyTable();
    const all = await itemsOf(table);
    const { counts: would } = await run(table, "erase", { dryRun: true });
    expect(await itemsOf(table)).to.deep.equal(all);
    const { counts: did } = await run(table, "erase");
    expect(would).to.deep.equal(did);
    const { counts: again } = await run(table, "erase");
    expect(Object.keys(again).filter((role) => !role.includes("kept"))).to.deep.equal([]);
    const { lines } = await run(table, "export");
    expect(lines.map(({ role }) => role)).to.have.members([
      ...["mutes of the user", "the ban of the user", "lines of the audit trail"],
      ...["direct messages of others to the user", "conversations of others with the user"],
    ]);
  });

  it("waits for its pace before it erases another item", async () => {
    const table = await newTable();
    const { messages } = storeIn(table, now);
    for (const text of ["first", "second"])
      await messages.store(aMessage({ id: ulid(NOON), from: "anna", data: text }));
    const pause = () => Promise.reject(new Error("paused"));
    const pace = new WritePace({ unitsPerSecond: 1, elapsed: now, pause });
    expect(await rejection(run(table, "erase", { pace }))).to.equal("paused");
    expect((await itemsOf(table)).filter(({ data }) => data !== "" && data !== undefined)).to.have.length(1);
    await run(table, "erase", { pace, dryRun: true });
  });

  it("erases the messages under the name of a guest, and the claims of a connected guest", async () => {
    const table = await newTable();
    const store = storeIn(table, now);
    const connected = aConnection({ user: "Anna" });
    await store.connections.add(connected);
    await store.connections.add(aConnection({ user: "eve", formerUser: "Anna" }));
    await store.names.claim("Anna", connected);
    await store.looks.claim("anna", connected);
    await store.messages.store(aMessage({ from: "Anna", author: "CONNECTION#a=" }));
    const subject = { user: "Anna", isAuthenticated: false };
    const access = await accessOf({ table, subject, now, checksBans: true });
    expect(access).to.deep.equal({ connections: 1, isBanned: false });
    await run(table, "erase", { subject });
    const items = await itemsOf(table);
    expect(texts(items)).to.not.match(/anna/i);
    expect(items.map(({ pk }) => pk.split("#")[0])).to.have.members(["CONN", "LOG", "LOG"]);
  });

  it("sees whether the user is connected or banned", async () => {
    const { table, store } = await aBusyTable();
    const access = (checksBans: boolean) => accessOf({ table, subject: ANNA, now, checksBans });
    expect(await access(true)).to.deep.equal({ connections: 1, isBanned: true });
    expect(await access(false)).to.deep.equal({ connections: 1, isBanned: false });
    await store.bans.lift("anna");
    expect(await access(true)).to.deep.equal({ connections: 1, isBanned: false });
  });

  it("replaces the name by one that no user can have", () => {
    expect([isUser(ERASED_USER), isName(ERASED_USER)]).to.deep.equal([false, false]);
  });
});
