import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { InvokeCommand, type InvokeCommandInput, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { localCredentials } from "../../src/iam/principal.ts";
import type { LambdaFunction } from "../../src/lambda/function.ts";
import { invokeApi } from "../../src/lambda/invoke-api.ts";
import { accessOf } from "../../src/lambda/invoke-request.ts";
import { Lambdas } from "../support/lambda.ts";

const PLACE = { region: "eu-west-2", accountId: "000000000000" };
const ARN = "arn:aws:lambda:eu-west-2:000000000000:function:echo";

const MEGABYTE = 1024 * 1024;

describe("lambda/invoke-api", () => {
  let lambdas: Lambdas;
  let server: Server;
  let endpoint: string;
  let client: LambdaClient;
  let functions: Map<string, LambdaFunction>;

  const add = (name: string, { code, reservedConcurrency }: { code: string; reservedConcurrency?: number }) =>
    functions.set(name, lambdas.create({ files: { "index.mjs": code }, config: { name, reservedConcurrency } }));

  beforeEach(async () => {
    lambdas = new Lambdas();
    functions = new Map();
    add("echo", { code: "export const handler = async (event) => { console.log('ran'); return { event }; };" });
    server = createServer(async (request, response) => {
      const { method = "", url = "", headers } = request;
      const body = await buffer(request);
      const reply = await invokeApi({ method, path: url, headers, body }, { functions, ...PLACE });
      response.writeHead(reply.status, reply.headers).end(reply.body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new LambdaClient({ endpoint, region: PLACE.region, credentials: localCredentials(), maxAttempts: 1 });
  });
  afterEach(async () => {
    client.destroy();
    server.close();
    server.closeAllConnections();
    await lambdas.stop();
  });

  const invoke = async (input: Partial<InvokeCommandInput>) => {
    const { Payload, $metadata, ...output } = await client.send(new InvokeCommand({ FunctionName: "echo", ...input }));
    const text = Payload?.transformToString() ?? "";
    return { ...output, payload: text === "" ? undefined : JSON.parse(text), requestId: $metadata.requestId };
  };

  const failure = async (input: Partial<InvokeCommandInput>) => {
    const fault = await invoke(input).then(
      () => undefined,
      (reason) => reason,
    );
    return {
      status: fault?.$metadata.httpStatusCode,
      name: fault?.name,
      message: fault?.message ?? fault?.Message,
      fault,
    };
  };

  it("returns the result of the function", async () => {
    const { requestId, ...output } = await invoke({ Payload: JSON.stringify({ a: "ü" }) });
    expect(output).to.deep.equal({ StatusCode: 200, ExecutedVersion: "$LATEST", payload: { event: { a: "ü" } } });
    expect(lambdas.log[0]?.requestId).to.equal(requestId);
  });

  it("passes an empty event for a request without a payload", async () => {
    expect((await invoke({})).payload).to.deep.equal({ event: {} });
  });

  for (const name of [ARN, `${ARN}:$LATEST`, "000000000000:function:echo", "echo:$LATEST"]) {
    it(`finds a function by ${name}`, async () => {
      expect((await invoke({ FunctionName: name })).StatusCode).to.equal(200);
    });
  }

  it("finds a function by the qualifier $LATEST", async () => {
    expect((await invoke({ Qualifier: "$LATEST" })).StatusCode).to.equal(200);
  });

  it("returns the error of a function that fails", async () => {
    add("fails", { code: "export const handler = async () => { throw new RangeError('far'); };" });
    const { StatusCode, FunctionError, payload } = await invoke({ FunctionName: "fails" });
    expect({ StatusCode, FunctionError }).to.deep.equal({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(payload).to.include({ errorType: "RangeError", errorMessage: "far" });
    expect(payload.trace[0]).to.equal("RangeError: far");
  });

  it("accepts an asynchronous event, and runs it later", async () => {
    const { StatusCode, payload, requestId } = await invoke({ InvocationType: "Event", Payload: "{}" });
    expect({ StatusCode, payload }).to.deep.equal({ StatusCode: 202, payload: undefined });
    while (lambdas.log.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(lambdas.log[0]?.requestId).to.equal(requestId);
  });

  it("does not run the function in a dry run", async () => {
    expect((await invoke({ InvocationType: "DryRun" })).StatusCode).to.equal(204);
    expect(lambdas.log).to.deep.equal([]);
  });

  for (const [name, arn] of [
    ["other", "arn:aws:lambda:eu-west-2:000000000000:function:other"],
    ["echo:7", `${ARN}:7`],
    ["arn:aws:lambda:us-east-1:000000000000:function:echo", "arn:aws:lambda:us-east-1:000000000000:function:echo"],
    ["__proto__", "arn:aws:lambda:eu-west-2:000000000000:function:__proto__"],
  ]) {
    it(`returns 404 for ${name}`, async () => {
      const { status, name: fault, message } = await failure({ FunctionName: name });
      expect([status, fault, message]).to.deep.equal([404, "ResourceNotFoundException", `Function not found: ${arn}`]);
    });
  }

  it("returns 429 if the reserved concurrency is used up", async () => {
    add("none", { code: "", reservedConcurrency: 0 });
    const { status, name, message, fault } = await failure({ FunctionName: "none" });
    expect([status, name, message]).to.deep.equal([429, "TooManyRequestsException", "Rate Exceeded."]);
    expect(fault.Reason).to.equal("ReservedFunctionConcurrentInvocationLimitExceeded");
  });

  it("accepts a payload of 6 MB, and of 1 MB for an asynchronous event", async () => {
    const Payload = (length: number) => JSON.stringify("x".repeat(length - 2));
    expect((await invoke({ Payload: Payload(MEGABYTE), InvocationType: "Event" })).StatusCode).to.equal(202);
    const event = await failure({ Payload: Payload(MEGABYTE + 1), InvocationType: "Event" });
    expect([event.status, event.message]).to.deep.equal([
      413,
      "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    ]);
    const request = await failure({ Payload: Payload(6 * MEGABYTE + 1) });
    expect([request.status, request.message]).to.deep.equal([
      413,
      "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
    ]);
  });

  it("rejects a payload that is not JSON", async () => {
    const { status, name, message } = await failure({ Payload: "{" });
    expect([status, name]).to.deep.equal([400, "InvalidRequestContentException"]);
    expect(message).to.match(/^Could not parse request body into json: /);
  });

  it("rejects headers, invocation types and operations that are not supported", async () => {
    expect((await failure({ LogType: "Tail" })).message).to.include("x-amz-log-type");
    expect((await failure({ InvocationType: "Later" as "Event" })).message).to.include('"Later"; it must be one of');
    const listing = await client.send(new ListFunctionsCommand({})).then(
      () => undefined,
      (fault) => fault,
    );
    expect(listing.message).to.include("The emulator does not support GET /2015-03-31/functions");
  });

  it("returns the permission that a request needs", () => {
    const access = (path: string, method = "POST") =>
      accessOf({ method, path, headers: {}, body: Buffer.alloc(0) }, PLACE);
    const action = "lambda:InvokeFunction";
    for (const name of ["echo", encodeURIComponent(ARN), "000000000000%3Afunction%3Aecho"]) {
      expect(access(`/2015-03-31/functions/${name}/invocations`), name).to.deep.equal({ action, resource: ARN });
    }
    const live = { action, resource: `${ARN}:live` };
    expect(access("/2015-03-31/functions/echo/invocations?Qualifier=live")).to.deep.equal(live);
    expect(access("/2015-03-31/functions/echo%3Alive/invocations?Qualifier=live")).to.deep.equal(live);
    expect(access("/2015-03-31/functions/echo/invocations", "GET")).to.equal(undefined);
    expect(access("/2015-03-31/functions/a%2Fb/invocations")).to.equal(undefined);
    expect(access("/2015-03-31/functions/%/invocations")).to.equal(undefined);
  });
});
