import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Store as DynamodbStore, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { policyViolations } from "@serverless-chat/emulator/iam/policy-rules";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import sinon from "sinon";
import { ulid } from "ulid";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import type { Environment } from "../../../infra/settings/settings.ts";
import { runUser } from "../../../scripts/user/run.ts";
import { aMessage } from "../../support/builders.ts";
import { ROOT } from "../../support/project-copy.ts";
import { environment, TABLE } from "../../support/synthesized.ts";
import { storeIn } from "../../support/table.ts";

const page = readFileSync(join(ROOT, "docs/users-data.md"), "utf8");
const [, policy = ""] = /```json\n(\{\n {2}"Version".*?)```/s.exec(page) ?? [];

interface Statement {
  readonly Action: string | readonly string[];
}

describe("the policy in docs/users-data.md", () => {
  let dynamodb: DynamodbStore;
  before(async () => {
    dynamodb = await startStore({}, guardOptions());
    await createTables(dynamodb.client, [aTable(TABLE)]);
  });
  after(() => dynamodb.stop());
  afterEach(() => sinon.restore());

  it("allows the operations of an erasure and an export, and no others", async () => {
    const store = storeIn(sdkTable(dynamodb.client, TABLE), Date.now);
    await store.messages.store(aMessage({ id: ulid(), from: "anna" }));
    await store.invitations.give("~plans-1", "anna");
    const reaction = { channel: "ops", id: ulid(), author: "USER#anna", emoji: "👍", change: ulid() };
    await store.reactions.set(reaction);
    await store.bans.set("anna", { by: "mona", until: undefined });
    const send = sinon.spy(DynamoDBClient.prototype, "send");
    const iam: Environment = { ...environment, authentication: { kind: "iam" }, moderators: ["mods"] };
    const printed: string[] = [];
    for (const command of ["export", "erase"]) {
      await runUser([command, "anna", "--endpoint", dynamodb.url, "--folder", temporaryDirectory()], {
        environments: [iam],
        print: (line) => printed.push(line),
      });
    }
    const used = new Set(send.args.map(([command]) => `dynamodb:${command.constructor.name.replace(/Command$/, "")}`));
    const allowed = JSON.parse(policy).Statement.flatMap(({ Action }: Statement) => Action);
    expect([...used]).to.have.members(allowed);
    expect(printed.at(-1), "was banned").to.match(/^- Clients/);
  });

  it("is valid for IAM, with a resource for each action that supports one", async () => {
    expect(await policyViolations(policy, "identity")).to.deep.equal([]);
    const table = policy.replace('"*"', '"arn:aws:dynamodb:eu-west-2:000000000000:table/chat-dev-table"');
    expect(await policyViolations(table, "identity")).to.have.length(1);
  });
});
