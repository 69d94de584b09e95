import { expect } from "chai";
import { type Emulator, type EmulatorOptions, start } from "../../src/start.ts";
import { type FixtureRoute, fixtureStack, reference, returning } from "../../src/testing/fixture-stack.ts";
import { connect } from "../support/client.ts";

const NAMES = [
  ...["status", "error.responseType", "integration.status", "integration.integrationStatus", "integration.error"],
  ...["authorizer.status", "authorizer.principalId", "authorizer.error", "authorize.status"],
];

const stage = {
  access_log_settings: {
    destination_arn: "arn:aws:logs:eu-west-2:000000000000:log-group:/access",
    format: `$context.requestId,$context.routeKey,${NAMES.map((name) => `$context.${name}`).join("|")}`,
  },
};

const throwing = (message: string) => `export const handler = async () => { throw new Error("${message}"); };`;

const ok = returning("{ statusCode: 200, body: 'heard' }");

describe("gateway/access-log, with the outcomes of an API", () => {
  let emulator: Emulator;
  let lines: string[];

  async function play(
    routes: Readonly<Record<string, FixtureRoute>>,
    { resources = {}, ...options }: { readonly resources?: object } & Partial<EmulatorOptions> = {},
  ): Promise<void> {
    lines = [];
    const stackDirectory = fixtureStack({ routes, stage, resources });
    emulator = await start({ stackDirectory, logAccess: (line) => lines.push(line), ...options });
  }

  afterEach(() => emulator.stop());

  /** The variables that have a value in the line of a route. */
  function logged(routeKey: string): object {
    const [, , values = ""] = lines.find((line) => line.split(",")[1] === routeKey)?.split(",") ?? [];
    const pairs = values.split("|").map((value, index) => [NAMES[index], value]);
    return Object.fromEntries(pairs.filter(([, value]) => value !== "-"));
  }

  it("has why an integration failed", async () => {
    await play({
      throws: { code: throwing("broken") },
      malformed: { code: returning("7") },
      slow: {
        code: "export const handler = () => new Promise(() => setTimeout(() => 0, 900));",
        integration: { timeout_milliseconds: 100 },
      },
      forbidden: { code: ok, permission: false },
      frozen: { code: ok, lambda: { reserved_concurrent_executions: 0 } },
      fine: { code: ok },
    });
    const { send, next } = await connect(emulator.url);
    for (const message of ["throws", "malformed", "slow", "forbidden", "frozen"]) {
      send({ message });
      await next();
    }
    const failed = {
      status: "500",
      "error.responseType": "INTEGRATION_FAILURE",
      "integration.integrationStatus": "200",
    };
    const { "integration.error": error, ...thrown } = logged("throws") as Record<string, string>;
    expect(error).to.match(
      /^Lambda execution failed with status 200 due to customer function error: broken\. Lambda request id: [\da-f-]{36}$/,
    );
    expect(thrown).to.deep.equal(failed);
    expect(logged("malformed")).to.deep.equal({
      ...failed,
      "integration.error": "Execution failed due to configuration error: Malformed Lambda proxy response",
    });
    expect(logged("slow")).to.deep.equal({
      status: "504",
      "error.responseType": "INTEGRATION_TIMEOUT",
      "integration.error": "Execution failed due to a timeout error",
    });
    expect(logged("forbidden")).to.deep.equal({
      ...failed,
      "integration.integrationStatus": "403",
      "integration.error": "Execution failed due to configuration error: Invalid permissions on Lambda function",
    });
    expect(logged("frozen")).to.deep.equal({
      ...failed,
      "integration.integrationStatus": "429",
      "integration.error": "Lambda invocation failed with status: 429",
    });
  });

  it("has no error of API Gateway for a status that $connect returns", async () => {
    await play({ $connect: { code: returning("{ statusCode: 401 }") } });
    await connect(emulator.url).catch(() => undefined);
    expect(logged("$connect")).to.deep.equal({
      status: "401",
      "integration.status": "401",
      "integration.integrationStatus": "200",
    });
  });

  it("has the outcome of the authorizer", async () => {
    const policy = `({ Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: query.effect, Resource: "*" }] })`;
    const authorizer = `export const handler = async ({ queryStringParameters: query }) => {
      if (query.effect === "none") throw new Error("Unauthorized");
      return { principalId: "anna", policyDocument: ${policy} };
    };`;
    await play(
      {
        $connect: {
          code: ok,
          route: { authorization_type: "CUSTOM", authorizer_id: reference("aws_apigatewayv2_authorizer.own.id") },
        },
        authorizer: { code: authorizer },
      },
      {
        iam: false,
        resources: {
          aws_apigatewayv2_authorizer: {
            own: {
              api_id: reference("aws_apigatewayv2_api.api.id"),
              name: "own",
              authorizer_type: "REQUEST",
              authorizer_uri: reference("aws_lambda_function.authorizer.invoke_arn"),
              identity_sources: ["route.request.querystring.effect"],
            },
          },
        },
      },
    );
    const outcome = async (query: string) => {
      lines = [];
      await connect(`${emulator.url}${query}`).catch(() => undefined);
      return logged("$connect");
    };
    expect(await outcome("?effect=Allow")).to.deep.equal({
      ...{ status: "200", "integration.status": "200", "integration.integrationStatus": "200" },
      ...{ "authorizer.status": "200", "authorizer.principalId": "anna", "authorize.status": "200" },
    });
    expect(await outcome("?effect=Deny")).to.deep.equal({
      ...{ status: "403", "error.responseType": "ACCESS_DENIED" },
      ...{ "authorizer.status": "200", "authorize.status": "403" },
    });
    expect(await outcome("?effect=none")).to.deep.equal({
      ...{ status: "401", "error.responseType": "UNAUTHORIZED" },
      ...{ "authorizer.status": "401", "authorizer.error": "Unauthorized" },
    });
    expect(await outcome("")).to.deep.equal({ status: "401", "error.responseType": "UNAUTHORIZED" });
  });
});
