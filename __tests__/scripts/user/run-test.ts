import { readdirSync } from "node:fs";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { type Store as DynamodbStore, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import sinon from "sinon";
import { ulid } from "ulid";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import type { Environment } from "../../../infra/settings/settings.ts";
import { runUser } from "../../../scripts/user/run.ts";
import { aMessage } from "../../support/builders.ts";
import { environment, TABLE } from "../../support/synthesized.ts";
import { storeIn } from "../../support/table.ts";

const ENVIRONMENT: Environment = { ...environment, authentication: { kind: "iam" }, moderators: ["mods"] };

describe("scripts/user/run", () => {
  let dynamodb: DynamodbStore;
  before(async () => {
    dynamodb = await startStore({}, guardOptions());
    await createTables(dynamodb.client, [aTable(TABLE)]);
  });
  after(() => dynamodb.stop());
  afterEach(() => sinon.restore());

  const run = async (folder: string, ...flags: string[]) => {
    const printed: string[] = [];
    const print = (line: string) => printed.push(line);
    const args = ["erase", "anna", "--endpoint", dynamodb.url, "--folder", folder, ...flags];
    await runUser(args, { environments: [ENVIRONMENT], print });
    return printed.join("\n");
  };

  /** Calls the function after a page of the table was read, and before the command gets it. */
  const afterScan = (call: (scans: number) => unknown): void => {
    const client = DynamoDBClient.prototype as { send: (command: unknown) => Promise<unknown> };
    const { send } = client;
    let scans = 0;
    sinon.replace(client, "send", async function (this: DynamoDBClient, command) {
      const page = await send.call(this, command);
      if (command instanceof ScanCommand) {
        scans += 1;
        await call(scans);
      }
      return page;
    });
  };

  it("erases in a second pass what a user who is not banned sends while the table is read", async () => {
    const { messages, mutes } = storeIn(sdkTable(dynamodb.client, TABLE), Date.now);
    const [first, late] = [aMessage({ id: ulid(), from: "anna" }), aMessage({ id: ulid(), from: "anna" })];
    await messages.store(first);
    await mutes.set("ops", "anna", Date.now() + 60_000);
    afterScan((scans) => scans === 1 && messages.store(late));
    const printed = await run(temporaryDirectory());
    for (const message of [first, late]) expect((await messages.get(message))?.deleted).to.equal(true);
    expect(printed)
      .to.match(/Reading it a second time\.\n/)
      .and.match(/ 2 {2}messages of the user: text and name deleted\n/)
      .and.match(/ 1 {2}mutes of the user: kept/)
      .and.match(/so the table was read twice: everything until [\dT:.-]+Z is erased\. .* run the command again\.$/);
  });

  it("resumes the second pass", async () => {
    const { messages } = storeIn(sdkTable(dynamodb.client, TABLE), Date.now);
    const late = aMessage({ id: ulid(), from: "anna" });
    afterScan(async (scans) => {
      if (scans === 1) await messages.store(late);
      if (scans === 2) throw new Error("The network failed.");
    });
    const folder = temporaryDirectory();
    expect(await rejection(run(folder))).to.equal("The network failed.");
    sinon.restore();
    const scans = sinon.spy(DynamoDBClient.prototype, "send");
    expect(await run(folder, "--resume")).to.match(/ 1 {2}messages of the user: text and name deleted\n/);
    const reads = scans.args.flatMap(([command]) => (command instanceof ScanCommand ? [command.input] : []));
    expect(reads.map(({ ConsistentRead }) => ConsistentRead)).to.deep.equal([true]);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("reads the table once if the user is banned, or in a dry run", async () => {
    expect(await run(temporaryDirectory(), "--dry-run")).to.not.match(/second time|twice/);
    const { bans } = storeIn(sdkTable(dynamodb.client, TABLE), Date.now);
    await bans.set("anna", { by: "mona", until: undefined });
    expect(await run(temporaryDirectory())).to.not.match(/second time|twice/);
  });
});
