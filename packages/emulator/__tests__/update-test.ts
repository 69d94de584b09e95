import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type Emulator, type EmulatorOptions, start } from "../src/start.ts";
import type { FunctionConfig } from "../src/terraform/functions.ts";
import { type FixtureStack, fixtureStack, reference, returning } from "../src/testing/fixture-stack.ts";
import { connect } from "./support/client.ts";
import { aFolder } from "./support/lambda.ts";
import { rejection } from "./support/rejection.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

const answering = (text: string) => ({ code: returning(`{ statusCode: 200, body: "${text}" }`), routeResponse: true });

const tableOf = (hashKey: string, name = "items") => ({
  name,
  billing_mode: "PAY_PER_REQUEST",
  hash_key: hashKey,
  attribute: [{ name: hashKey, type: "S" }],
});

const withTables = (stack: FixtureStack, aws_dynamodb_table: object, others: object = {}): string =>
  fixtureStack({ ...stack, resources: { aws_dynamodb_table, ...others } });

/** Says which code runs, and answers only when the test has created a file. */
const waiting = (text: string) => `
  import { existsSync, writeFileSync } from "node:fs";
  import { setTimeout as sleep } from "node:timers/promises";
  export const handler = async ({ body }) => {
    writeFileSync(body + ".started", "");
    while (!existsSync(body)) await sleep(5);
    return { statusCode: 200, body: "${text}" };
  };`;

const putsItem = `
  import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
  const client = new DynamoDBClient({ maxAttempts: 1 });
  export const handler = async () => {
    const fault = await client
      .send(new PutItemCommand({ TableName: "items", Item: { id: { S: "1" } } }))
      .then(() => "stored", ({ name }) => name);
    return { statusCode: 200, body: fault };
  };`;

const mayPut = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "dynamodb:PutItem", Resource: reference("aws_dynamodb_table.items.arn") }],
};

describe("update of a running emulator", () => {
  let emulator: Emulator;
  const startWith = async (stack: FixtureStack, options: Partial<EmulatorOptions> = {}) => {
    emulator = await start({ stackDirectory: fixtureStack(stack), ...options });
    return connect(emulator.url);
  };
  const answerTo = async (client: Awaited<ReturnType<typeof connect>>, frame: string | object): Promise<string> => {
    client.send(frame);
    return client.next();
  };
  afterEach(async () => {
    await emulator.stop();
  });

  it("runs later frames of an open connection on changed code", async () => {
    const client = await startWith({ routes: { $default: answering("old") } });
    expect(await answerTo(client, "hi")).to.equal("old");
    const { changes } = await emulator.update(fixtureStack({ routes: { $default: answering("new") } }));
    expect(changes).to.deep.equal(["changed the function _default"]);
    expect(await answerTo(client, "hi")).to.equal("new");
  });

  it("adds, changes and removes routes", async () => {
    const client = await startWith({ routes: { $default: answering("default"), old: answering("removed") } });
    expect(await answerTo(client, { message: "old" })).to.equal("removed");
    const { changes } = await emulator.update(
      fixtureStack({ routes: { $default: answering("default"), join: answering("joined") } }),
    );
    expect(changes).to.include.members(["added the route join", "removed the route old", "added the function join"]);
    expect(await answerTo(client, { message: "join" })).to.equal("joined");
    expect(await answerTo(client, { message: "old" })).to.equal("default");
  });

  it("reports no changes for the same stack", async () => {
    await startWith({ routes: { $default: answering("same") } });
    expect((await emulator.update()).changes).to.deep.equal([]);
  });

  it("lets a running invocation finish on the old code, and runs the next one on the new code", async () => {
    const first = await startWith({ routes: { $default: { code: waiting("old"), routeResponse: true } } });
    const second = await connect(emulator.url);
    const file = join(temporaryDirectory(), "go");
    first.send(file);
    while (!existsSync(`${file}.started`)) await sleep(5);
    await emulator.update(fixtureStack({ routes: { $default: answering("new") } }));
    expect(await answerTo(second, "hi")).to.equal("new");
    writeFileSync(file, "");
    expect(await first.next()).to.equal("old");
    expect(await answerTo(first, "hi")).to.equal("new");
  });

  it("creates an added table, and evaluates changed policies for environments that run already", async () => {
    const route = { code: putsItem, routeResponse: true };
    const client = await startWith({ routes: { $default: route } });
    expect(await answerTo(client, "before")).to.equal("AccessDeniedException");
    const aws_dynamodb_table = { items: tableOf("id") };
    const next = { routes: { $default: { ...route, policy: mayPut } } };
    const { changes } = await emulator.update(withTables(next, aws_dynamodb_table));
    expect(changes).to.deep.equal(["changed the role aws_iam_role._default", "added the table items"]);
    expect(await answerTo(client, "after")).to.equal("stored");
  });

  it("refuses what requires a restart with all reasons, and keeps the running stack", async () => {
    const routes = { $default: answering("old") };
    emulator = await start({
      stackDirectory: withTables({ routes }, { items: tableOf("id"), gone: tableOf("id", "gone") }),
    });
    const client = await connect(emulator.url);
    const next = { routes: { $default: answering("new") }, stage: { name: "other" } };
    const url = { function_name: "_default", authorization_type: "AWS_IAM" };
    const added = withTables(next, { items: tableOf("key") }, { aws_lambda_function_url: { url } });
    const refusal = await rejection(emulator.update(added));
    expect(refusal.split("\n  - ").slice(1)).to.deep.equal([
      "The name of the stage changed from test to other. Restart the emulator to apply this.",
      "The function URLs changed. Restart the emulator to apply this.",
      "The keys or indexes of the table items changed. Restart the emulator to apply this.",
      "The table gone is no longer in the stack, and its items would be lost. Restart the emulator to apply this.",
    ]);
    expect(await answerTo(client, "hi")).to.equal("old");
    expect(emulator.stack.stage.name).to.equal("test");
  });

  it("keeps the running stack if Terraform or AWS would refuse the new one", async () => {
    const client = await startWith({ routes: { $default: answering("old") } });
    const next = fixtureStack({ routes: { $default: { ...answering("new"), lambda: { memory_size: 1 } } } });
    expect(await rejection(emulator.update(next))).to.include("aws_lambda_function._default");
    expect(await answerTo(client, "hi")).to.equal("old");
  });

  it("keeps the code of all functions if that of one in use cannot be loaded", async () => {
    const client = await startWith({ routes: { $default: answering("old"), other: answering("old") } });
    expect(await answerTo(client, "hi")).to.equal("old");
    const broken = { code: "export const handler = ;", routeResponse: true };
    const next = fixtureStack({ routes: { $default: broken, other: answering("new") } });
    expect(await rejection(emulator.update(next))).to.match(
      /^The new code of _default cannot be loaded: Runtime\.UserCodeSyntaxError: SyntaxError: /,
    );
    expect(await answerTo(client, "hi")).to.equal("old");
    expect(await answerTo(client, { message: "other" })).to.equal("old");
  });

  it("does not refill the throttling bucket of an unchanged limit", async () => {
    const stage = { default_route_settings: [{ throttling_rate_limit: 0.001, throttling_burst_limit: 2 }] };
    const client = await startWith({ routes: { $default: answering("old") }, stage });
    expect(await answerTo(client, "hi")).to.equal("old");
    await emulator.update(fixtureStack({ routes: { $default: answering("new") }, stage }));
    expect(await answerTo(client, "hi")).to.include("Too Many Requests");
  });

  it("runs archives that the caller chooses, and reloads only those that changed", async () => {
    const folder = aFolder({ "index.mjs": returning('{ statusCode: 200, body: "first" }') });
    const routes = { $default: answering("archive"), other: answering("archive") };
    const archiveOf = ({ name, archivePath }: FunctionConfig) => (name === "_default" ? folder : archivePath);
    const client = await startWith({ routes }, { archiveOf });
    expect(await answerTo(client, "hi")).to.equal("first");
    writeFileSync(join(folder, "index.mjs"), returning('{ statusCode: 200, body: "second" }'));
    expect(await emulator.reload()).to.deep.equal(["_default"]);
    expect(await emulator.reload()).to.deep.equal([]);
    expect(await answerTo(client, "hi")).to.equal("second");
    expect(await answerTo(client, { message: "other" })).to.equal("archive");
  });
});
