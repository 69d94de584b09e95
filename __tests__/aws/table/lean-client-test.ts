import { createServer, type IncomingMessage } from "node:http";
import { crc32 } from "node:zlib";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { close, LOOPBACK, listen, readBody } from "@serverless-chat/emulator/http-server";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { expect } from "chai";
import { leanClient } from "../../../aws/table/lean-client.ts";
import type { Operations, Send } from "../../../aws/table/operations.ts";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import { NOON } from "../../support/builders.ts";

interface Response {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const Key = { pk: { S: "a" }, sk: { S: "é 🎉" } };
const TableName = "chat";
const HOUR = 3_600_000;

const fault = (status: number, name: string, headers = {}): Response => ({
  status,
  headers,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: `It is ${name}.` }),
});

describe("aws/table/lean-client", () => {
  const requests: (Pick<IncomingMessage, "method" | "url" | "headers"> & { readonly body: string })[] = [];
  let responses: (Response | "none")[] = [];
  let pauses: number[] = [];
  let endpoint: string;
  let send: Send;
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body: String(await readBody(request)) });
    const next = responses.shift() ?? {};
    if (next === "none") return request.socket.destroy();
    const { status = 200, body = "{}", headers: own } = next;
    return response.writeHead(status, { "x-amz-crc32": String(crc32(body)), date: "", ...own }).end(body);
  });
  before(async () => {
    endpoint = `http://${LOOPBACK}:${await listen(server, 0)}`;
  });
  after(() => close(server));
  beforeEach(() => {
    requests.length = 0;
    responses = [];
    pauses = [];
    ({ send } = leanClient({
      endpoint,
      region: "eu-west-2",
      credentials: localCredentials,
      now: () => NOON,
      pause: async (milliseconds) => void pauses.push(milliseconds),
      random: () => 1,
    }));
  });

  const get = () => send("GetItem", { TableName, Key });

  /** The output of a request, or the fault. */
  const outcomeOf = async (...own: (Response | "none")[]) => {
    responses = own;
    return get().then(
      ({ $metadata, ...output }) => ({ attempts: $metadata.attempts, output }),
      ({ name, message, $metadata }) => ({ attempts: $metadata?.attempts, name, message }),
    );
  };

  it("sends the requests that the SDK sends", async () => {
    const inputs: { readonly [Name in keyof Operations]: Operations[Name]["input"] } = {
      GetItem: { TableName, Key, ConsistentRead: true },
      PutItem: {
        TableName,
        Item: { ...Key, ttl: { N: "1" }, channels: { M: { ops: { N: "0" } } }, one: { BOOL: true } },
      },
      UpdateItem: { TableName, Key, UpdateExpression: "REMOVE #ttl", ExpressionAttributeNames: { "#ttl": "ttl" } },
      DeleteItem: { TableName, Key, ReturnValues: "ALL_OLD" },
      BatchGetItem: { RequestItems: { [TableName]: { Keys: [Key], ConsistentRead: true } } },
      BatchWriteItem: { RequestItems: { [TableName]: [{ PutRequest: { Item: Key } }, { DeleteRequest: { Key } }] } },
      Query: {
        TableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: "a" } },
        Limit: 1,
      },
    };
    const client = new DynamoDBClient({ endpoint, region: "eu-west-2", credentials: localCredentials() });
    for (const by of [send, sdkTable(client, TableName).send]) {
      for (const [operation, input] of Object.entries(inputs)) await by(operation as keyof Operations, input as never);
    }
    const seen = requests.map(({ method, url, headers, body }) => {
      const { host, "content-type": type, "x-amz-target": target, authorization = "" } = headers;
      const scope = /Credential=\w+\/\d{8}(\/\S+),/.exec(authorization)?.[1];
      return { method, url, host, type, target, scope, body: JSON.parse(body) };
    });
    expect(seen.slice(0, 7)).to.deep.equal(seen.slice(7));
    for (const { headers } of requests)
      expect(headers.authorization).to.match(/SignedHeaders=\S*content-type;host;\S*x-amz-date;\S*x-amz-target/);
    client.destroy();
  });

  it("returns the output and the number of attempts", async () => {
    const output = { Item: { data: { S: "é 🎉" } } };
    expect(await outcomeOf({ body: JSON.stringify(output) })).to.deep.equal({ attempts: 1, output });
    expect(await outcomeOf("none", {})).to.deep.equal({ attempts: 2, output: {} });
  });

  it("rejects with the name and message of DynamoDB's error, and does not retry an invalid request", async () => {
    for (const name of ["ValidationException", "ConditionalCheckFailedException", "ExpiredTokenException"]) {
      expect(await outcomeOf(fault(400, name))).to.deep.equal({ attempts: 1, name, message: `It is ${name}.` });
    }
    expect(await outcomeOf({ status: 413, body: "<html>" })).to.deep.equal({
      attempts: 1,
      name: "UnknownError",
      message: "DynamoDB responded with the status 413.",
    });
    expect(requests).to.have.length(4);
  });

  it("reports the attempts of an error, so that the caller recognizes its own earlier write", async () => {
    const outcome = await outcomeOf("none", fault(400, "ConditionalCheckFailedException"));
    expect(outcome).to.include({ attempts: 2, name: "ConditionalCheckFailedException" });
  });

  it("retries throttled requests, server errors, conflicts and lost connections, like the SDK", async () => {
    const temporary = [
      fault(400, "ProvisionedThroughputExceededException"),
      fault(400, "ThrottlingException"),
      fault(400, "RequestLimitExceeded"),
      { status: 429 },
      fault(500, "InternalServerError"),
      { status: 503, body: "<html>" },
      fault(400, "ReplicatedWriteConflictException"),
      "none",
    ] as const;
    for (const first of temporary) expect(await outcomeOf(first, {})).to.include({ attempts: 2 });
    expect(pauses).to.deep.equal([1_000, 1_000, 1_000, 1_000, 25, 25, 25, 25]);
  });

  it("waits as long as DynamoDB asks", async () => {
    await outcomeOf({ status: 503, headers: { "retry-after": "2" } }, {});
    expect(pauses).to.deep.equal([2_000]);
  });

  it("retries a response whose body does not match its checksum", async () => {
    const changed = { body: '{"Item":{}}', headers: { "x-amz-crc32": "1" } };
    expect(await outcomeOf(changed, {})).to.deep.equal({ attempts: 2, output: {} });
    const outcome = await outcomeOf(changed, changed, changed, changed);
    expect(outcome).to.include({ name: "ChecksumMismatch" });
  });

  it("corrects its clock by that of DynamoDB, once, and signs with the corrected time from then on", async () => {
    const date = new Date(NOON + HOUR).toUTCString();
    const late = fault(400, "InvalidSignatureException", { date });
    expect(await outcomeOf(late, {})).to.include({ attempts: 2 });
    await outcomeOf({});
    const times = requests.map(({ headers }) => headers["x-amz-date"]);
    const corrected = new Date(NOON + HOUR).toISOString().replaceAll(/[:-]|\.000/g, "");
    expect(times.slice(1)).to.deep.equal([corrected, corrected]);
    expect(times[0]).not.to.equal(corrected);
    expect(await outcomeOf(late), "the clock is right, so the secret is wrong").to.include({ attempts: 1 });
  });

  it("aborts a request, and does not retry it", async () => {
    const abort = new AbortController();
    responses = ["none", "none"];
    const sending = send("GetItem", { TableName, Key }, { abortSignal: abort.signal });
    abort.abort();
    const outcome = await sending.catch(({ name, message }) => ({ name, message }));
    expect(outcome).to.deep.equal({ name: "AbortError", message: "Request aborted" });
  });
});
