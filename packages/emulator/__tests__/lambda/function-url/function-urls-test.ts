import { expect } from "chai";
import { containment } from "../../../src/boundary.ts";
import { createGuard } from "../../../src/iam/guard.ts";
import { developer, localCredentials, type Principal } from "../../../src/iam/principal.ts";
import type { LambdaFunction } from "../../../src/lambda/function.ts";
import { type FunctionUrls, openFunctionUrls } from "../../../src/lambda/function-url/function-urls.ts";
import { start } from "../../../src/start.ts";
import { fixtureStack, reference } from "../../../src/testing/fixture-stack.ts";
import { aws4Signed, type Signing } from "../../support/aws4-signed.ts";
import { connect } from "../../support/client.ts";
import { Lambdas } from "../../support/lambda.ts";
import { ACCOUNT_ID, aFunction } from "../../support/principals.ts";
import { rejection } from "../../support/rejection.ts";

const REGION = "eu-west-2";
const ARN = `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:web`;
const ID = "abcdefghijklmnopqrstuvwxyz012345";
const FORBIDDEN =
  "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

/** Runs the code in the body of the request, or returns the event. */
const CODE = `export const handler = async (event) =>
  event.body?.startsWith("return ") ? new Function(event.body)() : event;`;

const allow = (action: string, condition: object = {}) => ({
  ...{ Effect: "Allow", Action: action, Resource: ARN },
  Condition: condition,
});
const BY_URL = allow("lambda:InvokeFunctionUrl", { StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" } });
const ONLY_BY_URL = allow("lambda:InvokeFunction", { Bool: { "lambda:InvokedViaFunctionUrl": "true" } });

describe("lambda/function-url/function-urls", () => {
  let lambdas: Lambdas;
  let urls: FunctionUrls;
  let functions: Map<string, LambdaFunction>;
  let principals: Principal[];
  let reported: string[];

  before(async () => {
    lambdas = new Lambdas();
    functions = new Map([["web", lambdas.create({ files: { "index.mjs": CODE }, config: { name: "web" } })]]);
    const config = { address: "aws_lambda_function_url.web", id: ID, functionName: "web", functionArn: ARN };
    urls = await openFunctionUrls({ functionUrls: [config], region: REGION, accountId: ACCOUNT_ID });
    const report = (sentence: string) => void reported.push(sentence);
    const guard = createGuard({
      ...{ service: "lambda", region: REGION, now: Date.now, report },
      get principals() {
        return principals;
      },
    });
    urls.serve({ functions, guard, contain: containment(report), now: Date.now });
  });
  beforeEach(() => {
    principals = [developer(ACCOUNT_ID)];
    reported = [];
  });
  after(async () => {
    await urls.close();
    await lambdas.stop();
  });

  const request = async (
    own: Signing = {},
    { credentials }: Pick<Principal, "credentials"> = developer(ACCOUNT_ID),
  ) => {
    const address = urls.addresses.get("web") ?? "";
    const signing = { method: "POST", path: "/", service: "lambda", region: REGION, ...own };
    const signed = aws4Signed(credentials, {
      ...signing,
      headers: { Host: new URL(address).host, "Content-Type": "application/json", ...own.headers },
    });
    const { host: _, "content-length": __, ...headers } = signed.headers as Record<string, string>;
    const { method } = signing;
    const response = await fetch(new URL(signed.path, address), {
      ...{ method, headers },
      ...(method !== "GET" && { body: signed.body as string }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  };
  const returned = (expression: string) => request({ body: `return ${expression}` });

  it("invokes the function with an event in payload format 2.0", async () => {
    const headers = { "X-Colour": "red", Cookie: "a=1; b=2" };
    const { json, headers: own } = await request({ path: "/a%20b?x=1&x=2&y=%26", headers, body: '{"text":"ü"}' });
    const event = json();
    expect(event).to.deep.include({
      ...{ version: "2.0", routeKey: "$default", rawPath: "/a%20b", rawQueryString: "x=1&x=2&y=%26" },
      ...{ cookies: ["a=1", "b=2"], queryStringParameters: { x: "1,2", y: "&" } },
      ...{ body: '{"text":"ü"}', isBase64Encoded: false },
    });
    expect(event.headers).to.include({ "x-colour": "red", "content-type": "application/json" });
    expect(event.requestContext).to.deep.include({
      ...{ accountId: ACCOUNT_ID, apiId: ID, domainPrefix: ID, requestId: own.get("x-amzn-requestid") },
      ...{ stage: "$default", authentication: null },
    });
    expect(event.requestContext.authorizer.iam).to.include({
      ...{ accessKey: "local", accountId: ACCOUNT_ID, userArn: `arn:aws:iam::${ACCOUNT_ID}:user/local` },
    });
    const http = { method: "POST", path: "/a%20b", protocol: "HTTP/1.1", sourceIp: "127.0.0.1" };
    expect(event.requestContext.http).to.include(http);
    expect(event.requestContext.time).to.match(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  });

  it("encodes a body in Base64 unless its type is text, and omits an empty one", async () => {
    const form = { headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "a=1" };
    expect((await request(form)).json()).to.include({ body: "YT0x", isBase64Encoded: true });
    const json = { headers: { "Content-Type": "application/vnd.api+json; charset=utf-8" }, body: "{}" };
    expect((await request(json)).json()).to.include({ body: "{}", isBase64Encoded: false });
    const get = (await request({ method: "GET" })).json();
    expect(get).to.include({ isBase64Encoded: false });
    expect(get).not.to.have.any.keys("body", "cookies", "queryStringParameters");
  });

  it("returns a result without statusCode as JSON, with 200", async () => {
    for (const [expression, text] of [
      ['"hi"', '"hi"'],
      ["{ a: 1 }", '{"a":1}'],
      ["[1]", "[1]"],
      ["undefined", "null"],
    ] as const) {
      const response = await returned(expression);
      expect([response.status, response.text], expression).to.deep.equal([200, text]);
      expect(response.headers.get("content-type")).to.equal("application/json");
    }
  });

  it("returns the status, headers, cookies and body of a response", async () => {
    const custom = await returned(
      `{ statusCode: 201, headers: { "Content-Type": "text/plain", "X-Count": 3 }, cookies: ["a=1", "b=2"], body: "aGk=", isBase64Encoded: true }`,
    );
    expect([custom.status, custom.text]).to.deep.equal([201, "hi"]);
    expect(custom.headers.get("content-type")).to.equal("text/plain");
    expect(custom.headers.get("x-count")).to.equal("3");
    expect(custom.headers.getSetCookie()).to.deep.equal(["a=1", "b=2"]);
    expect((await returned("{ statusCode: 404 }")).status).to.equal(404);
    const own = await returned(
      '{ statusCode: 200, headers: { "Content-Length": "1", Connection: "upgrade" }, body: "hi" }',
    );
    expect([own.headers.get("content-length"), own.text]).to.deep.equal(["2", "hi"]);
  });

  for (const expression of [
    "{ statusCode: 99 }",
    '{ statusCode: "200" }',
    "{ statusCode: 200, body: {} }",
    "{ statusCode: 200, headers: { a: [] } }",
    '{ statusCode: 200, headers: { a: "1\\n2" } }',
    '{ statusCode: 200, headers: { "a b": "1" } }',
    '{ statusCode: 200, cookies: ["a=\\n"] }',
    "(() => { throw new Error('no') })()",
  ]) {
    it(`responds with 502 to ${expression}`, async () => {
      const { status, text } = await returned(expression);
      expect([status, text]).to.deep.equal([502, "Internal Server Error"]);
    });
  }

  it("refuses a request that is too large, and one beyond the reserved concurrency", async () => {
    const large = await request({ body: "x".repeat(6_291_456) });
    expect([large.status, large.json().message]).to.deep.equal([
      413,
      "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
    ]);
    const web = functions.get("web") as LambdaFunction;
    functions.set(
      "web",
      lambdas.create({ files: { "index.mjs": CODE }, config: { name: "web", reservedConcurrency: 0 } }),
    );
    expect((await request()).status).to.equal(429);
    functions.set("web", web);
  });

  it("refuses a request without a signature, or with a wrong one", async () => {
    const unsigned = await fetch(urls.addresses.get("web") ?? "", { method: "POST", body: "{}" });
    expect([unsigned.status, await unsigned.json()]).to.deep.equal([403, { Message: FORBIDDEN }]);
    const wrong = { credentials: { ...localCredentials(), secretAccessKey: "other" } };
    const { status, json } = await request({}, wrong);
    expect(status).to.equal(403);
    expect(json().message).to.include("The request signature we calculated does not match");
    expect((await request({ service: "execute-api" })).status).to.equal(403);
  });

  it("allows callers with both permissions, which can be limited to function URLs", async () => {
    const statusOf = async (...statements: readonly object[]) => {
      const caller = aFunction(...statements);
      principals = [caller];
      return (await request({}, caller)).status;
    };
    expect(await statusOf(BY_URL, ONLY_BY_URL)).to.equal(200);
    expect(await statusOf(BY_URL, allow("lambda:InvokeFunction"))).to.equal(200);
    expect(await statusOf(BY_URL)).to.equal(403);
    expect(await statusOf(ONLY_BY_URL)).to.equal(403);
    const elsewhere = { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } };
    expect(await statusOf(allow("lambda:InvokeFunctionUrl", elsewhere), ONLY_BY_URL)).to.equal(403);
    expect(reported.at(-1)).to.include(`aws_iam_role.say is not allowed to perform lambda:InvokeFunctionUrl on ${ARN}`);
  });
});

/** A stack whose route `call` sends an unsigned request to the URL of its own function. */
const withUrl = (own: object = {}): string =>
  fixtureStack({
    routes: {
      call: {
        code: `export const handler = async () => {
          const response = await fetch(process.env.ADDRESS);
          return { statusCode: 200, body: response.status + " " + process.env.ADDRESS };
        };`,
        routeResponse: true,
        lambda: { environment: { variables: { ADDRESS: reference("aws_lambda_function_url.web.function_url") } } },
      },
    },
    resources: { aws_lambda_function_url: { web: { function_name: "web", authorization_type: "AWS_IAM", ...own } } },
  });

describe("a function URL of a stack", () => {
  it("is reached by functions under its address in AWS, and by others under the one on this machine", async () => {
    const emulator = await start({ stackDirectory: withUrl({ function_name: "call" }) });
    try {
      const client = await connect(emulator.url);
      client.send({ message: "call" });
      expect(await client.next()).to.match(/^403 https:\/\/[0-9a-f]{32}\.lambda-url\.eu-west-2\.on\.aws\/$/);
      expect((await fetch(emulator.functionUrls.get("call") ?? "")).status).to.equal(403);
    } finally {
      await emulator.stop();
    }
  });

  for (const [own, reason] of [
    [{ authorization_type: "NONE" }, "has the authorization type NONE, with which requests have no signature."],
    [{ invoke_mode: "RESPONSE_STREAM" }, '"RESPONSE_STREAM" as "invoke_mode" of aws_lambda_function_url.web.'],
    [{ cors: { allow_origins: ["*"] } }, '"cors" of aws_lambda_function_url.web. Return the headers'],
    [{ qualifier: "live" }, '"qualifier" of aws_lambda_function_url.web. Remove it'],
    [{ authorization_type: "IAM" }, 'is "IAM". It must be one of AWS_IAM, NONE.'],
    [{ function_name: "other" }, "refers to an aws_lambda_function that is not in the stack."],
  ] as const) {
    it(`is refused with ${JSON.stringify(own)}`, async () => {
      expect(await rejection(start({ stackDirectory: withUrl({ function_name: "call", ...own }) }))).to.include(reason);
    });
  }
});
