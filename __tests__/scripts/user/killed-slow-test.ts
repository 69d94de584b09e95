import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type AttributeValue, BatchWriteItemCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Store as DynamodbStore, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { ulid } from "ulid";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import { ERASED_USER } from "../../../scripts/user/erase-item.ts";
import { aConnection } from "../../support/builders.ts";
import { ROOT } from "../../support/project-copy.ts";
import { TABLE } from "../../support/synthesized.ts";
import { storeIn } from "../../support/table.ts";

/** Messages of the user. docs/users-data.md has the figures of 100,000. */
const MESSAGES = Number(process.env.ERASED_MESSAGES ?? 2_400);

/** Messages of the user and of others, mixed. */
const ALL_MESSAGES = MESSAGES * 1.25;

const BATCH_ITEMS_MAX = 25;
const PAGE_ITEMS_MAX = 1_000;

type Item = Record<string, AttributeValue>;

describe("npm run user -- erase, if its process is killed", () => {
  let dynamodb: DynamodbStore;
  let running: ChildProcess | undefined;
  before(async function () {
    this.timeout(0);
    dynamodb = await startStore({}, guardOptions());
    await createTables(dynamodb.client, [aTable(TABLE)]);
    await fill();
  });
  after(async () => {
    running?.kill("SIGKILL");
    await dynamodb.stop();
  });

  /** Of every five messages, four are anna's. */
  async function fill(): Promise<void> {
    const start = Date.now() - ALL_MESSAGES;
    const ttl = Math.floor(start / 1_000) + 86_400;
    const requestOf = (index: number) => {
      const from = index % 5 === 0 ? "ben" : "anna";
      const key = { pk: `LOG#channel-${index % 10}`, sk: ulid(start + index) };
      return { PutRequest: { Item: marshall({ ...key, from, author: "CONNECTION#a", data: `text ${index}`, ttl }) } };
    };
    for (let index = 0; index < ALL_MESSAGES; index += BATCH_ITEMS_MAX) {
      const count = Math.min(BATCH_ITEMS_MAX, ALL_MESSAGES - index);
      const requests = Array.from({ length: count }, (_, offset) => requestOf(index + offset));
      await dynamodb.client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: requests } }));
    }
    const store = storeIn(sdkTable(dynamodb.client, TABLE), Date.now);
    const connected = aConnection({ user: "ben", connectedAt: Date.now() });
    await store.connections.add(connected);
    await store.names.claim("ben", connected);
    await store.mutes.set("channel-1", "ben", Date.now() + 3_600_000);
    await store.readMarkers.advance({ user: "ben", channel: "channel-1", id: ulid() });
  }

  async function readItems(): Promise<readonly Item[]> {
    const items: Item[] = [];
    for await (const page of paginateScan({ client: dynamodb.client }, { TableName: TABLE }))
      items.push(...(page.Items ?? []));
    return items;
  }

  /** The other items as they are stored, in the order of their keys. */
  const othersIn = (items: readonly Item[]): readonly string[] =>
    items
      .filter(({ from, change }) => from?.S !== "anna" && from?.S !== ERASED_USER && change === undefined)
      .map((item) => JSON.stringify(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1))))
      .sort();

  const folder = temporaryDirectory();

  function start(...flags: string[]): ChildProcess {
    const node = ["--conditions=@serverless-chat/source", "--import", "tsx", join(ROOT, "scripts/user.ts")];
    const args = ["erase", "--name", "anna", "--endpoint", dynamodb.url, "--folder", folder];
    running = spawn(process.execPath, [...node, ...args, "--write-units", "40000", ...flags], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    return running;
  }

  function positions(): string | undefined {
    const [file] = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return file && JSON.stringify(JSON.parse(readFileSync(join(folder, file), "utf8")).positions);
  }

  /** Kills the process a moment after it has erased another page, so it usually erases the next one. */
  async function killAfterPage(child: ChildProcess): Promise<void> {
    const exited = once(child, "exit");
    const before = [undefined, '["start"]', positions()];
    while (before.includes(positions()) && child.exitCode === null) await setTimeout(10);
    await setTimeout(100);
    child.kill("SIGKILL");
    expect(await exited).to.deep.equal([null, "SIGKILL"]);
  }

  it("erases every message when it is resumed, and changes nothing of others", async function () {
    this.timeout(0);
    const before = await readItems();
    const others = othersIn(before);
    const dryRun = await outputOf(start("--dry-run"));
    expect(await readItems()).to.deep.equal(before);
    await killAfterPage(start());
    await killAfterPage(start("--resume"));
    await outputOf(start("--resume"));
    const after = await readItems();
    expect(othersIn(after)).to.deep.equal(others);
    const items = after.map((item) => unmarshall(item));
    const erased = items.filter(({ from }) => from === ERASED_USER);
    const expected = before.filter(({ from }) => from?.S === "anna");
    expect(dryRun).to.include(`${expected.length.toLocaleString("en")}  messages of the user`);
    const erasedIds = erased.map(({ pk, sk }) => `${pk} ${sk}`).sort();
    expect(erasedIds).to.deep.equal(expected.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`).sort());
    expect(
      erased.every(({ data, deleted, author }) => data === "" && deleted === true && author === undefined),
    ).to.equal(true);
    const records = items.filter(({ change }) => change === "deleted").map(({ pk, message }) => `${pk} ${message}`);
    expect([...new Set(records)].sort()).to.deep.equal(erasedIds);
    // Each interruption repeats at most the page that was being erased.
    expect(records.length - erased.length).to.be.within(0, 2 * PAGE_ITEMS_MAX);
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});

async function outputOf(child: ChildProcess): Promise<string> {
  let output = "";
  child.stdout?.on("data", (text) => {
    output += text;
  });
  expect((await once(child, "close"))[0]).to.equal(0);
  return output;
}
