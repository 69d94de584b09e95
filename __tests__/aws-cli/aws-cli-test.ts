import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, start } from "@serverless-chat/emulator";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { fixtureStack, returning } from "@serverless-chat/emulator/testing/fixture-stack";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";

const TABLE = {
  items: {
    name: "items",
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "pk",
    attribute: [{ name: "pk", type: "S" }],
  },
};

const CREDENTIALS = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };

/** Runs `aws <arguments>`, by default with the developer's credentials. Returns its output, or rejects with its error message. */
async function aws(args: readonly string[], credentials: object = CREDENTIALS): Promise<string> {
  const { PATH } = process.env;
  const env = { PATH, AWS_DEFAULT_REGION: "eu-west-2", AWS_PAGER: "", AWS_MAX_ATTEMPTS: "1", ...credentials };
  try {
    return (await promisify(execFile)("aws", args, { env })).stdout;
  } catch (fault) {
    throw new Error((fault as { stderr: string }).stderr.trim());
  }
}

const errorOf = (running: Promise<string>): Promise<string> =>
  running.then(
    (output) => `The command did not fail: ${output}`,
    ({ message }) => message,
  );

describe("the aws CLI", () => {
  let emulator: Emulator;
  let client: Client;
  let connectionId: string;
  before(async () => {
    emulator = await start({
      stackDirectory: fixtureStack({
        routes: {
          $default: {
            code: returning("{ statusCode: 200, body: event.requestContext.connectionId }"),
            routeResponse: true,
          },
          twice: { code: returning("event.number * 2") },
        },
        resources: { aws_dynamodb_table: TABLE },
      }),
    });
  });
  beforeEach(async () => {
    client = await connect(emulator.url);
    client.send("who am I?");
    connectionId = await client.next();
  });
  afterEach(() => client.close());
  after(() => emulator.stop());

  const manage = (operation: string, id: string, ...args: string[]): string[] => [
    ...["apigatewaymanagementapi", operation, "--endpoint-url", emulator.managementUrl],
    // One argument, because an id can begin with a hyphen.
    ...[`--connection-id=${id}`, ...args],
  ];
  const dataOf = (text: string): string => {
    const path = join(temporaryDirectory(), "data");
    writeFileSync(path, text);
    return `fileb://${path}`;
  };

  it("posts to a connection", async () => {
    expect(await aws(manage("post-to-connection", connectionId, "--data", dataOf("héllo")))).to.equal("");
    expect(await client.next()).to.equal("héllo");
  });

  it("describes a connection", async () => {
    const described = JSON.parse(await aws(manage("get-connection", connectionId)));
    expect(described.Identity.SourceIp).to.equal("127.0.0.1");
    expect(described).to.include.keys("ConnectedAt", "LastActiveAt");
  });

  it("closes a connection, and then it is gone", async () => {
    await aws(manage("delete-connection", connectionId));
    expect(await client.closed).to.deep.equal({ code: 1000, reason: "Connection Closed Normally" });
    for (const [operation, ...args] of [
      ["post-to-connection", "--data", dataOf("hi")],
      ["get-connection"],
      ["delete-connection"],
    ] as const) {
      expect(await errorOf(aws(manage(operation, connectionId, ...args)))).to.include("(GoneException)");
    }
  });

  it("shows AWS's error for an invalid id, body or key", async () => {
    const post = (id: string, data: string, credentials?: object) =>
      errorOf(aws(manage("post-to-connection", id, "--data", dataOf(data)), credentials));
    expect(await post(`${connectionId}test`, "hi")).to.include(
      `(BadRequestException) when calling the PostToConnection operation: Invalid connectionId: ${connectionId}test`,
    );
    expect(await post(connectionId, "x".repeat(131_073))).to.include("(PayloadTooLargeException)");
    const wrongSecret = { ...CREDENTIALS, AWS_SECRET_ACCESS_KEY: "wrong" };
    expect(await post(connectionId, "hi", wrongSecret)).to.include("(InvalidSignatureException)");
    const unknownKey = { ...CREDENTIALS, AWS_ACCESS_KEY_ID: "nobody" };
    expect(await post(connectionId, "hi", unknownKey)).to.include("(UnrecognizedClientException)");
  });

  it("reads and writes the tables", async () => {
    const table = (operation: string, ...args: string[]) =>
      aws(["dynamodb", operation, "--endpoint-url", emulator.dynamodbUrl, "--table-name", "items", ...args]);
    await table("put-item", "--item", '{"pk":{"S":"a"}}');
    expect(JSON.parse(await table("scan")).Items).to.deep.equal([{ pk: { S: "a" } }]);
  });

  it("invokes a function synchronously or asynchronously", async () => {
    const answer = join(temporaryDirectory(), "answer");
    const invoke = (name: string, ...args: string[]) =>
      aws(["lambda", "invoke", "--endpoint-url", emulator.endpointUrl, "--function-name", name, ...args, answer]);
    expect(JSON.parse(await invoke("twice", "--payload", dataOf('{"number":4}'))).StatusCode).to.equal(200);
    expect(readFileSync(answer, "utf8")).to.equal("8");
    expect(JSON.parse(await invoke("twice", "--invocation-type", "Event"))).to.deep.equal({ StatusCode: 202 });
    expect(await errorOf(invoke("nobody")))
      .to.include("(ResourceNotFoundException)")
      .and.include("Function not found");
  });
});
