import { expect } from "chai";
import { type AccessLogFields, formatAccessLog } from "../../src/gateway/access-log.ts";

const context = {
  requestId: "AAAAAAAAAAAAAAA=",
  routeKey: "sendmessage",
  connectedAt: 7,
  identity: { sourceIp: "127.0.0.1" },
  authorizer: { principalId: "anna" },
};

const line = (format: string, fields: AccessLogFields = { status: 200 }): string =>
  formatAccessLog(format, context, fields);

describe("gateway/access-log", () => {
  it("replaces variables of the context and keeps all other text", () => {
    expect(line('{"id":"$context.requestId","route":"$context.routeKey","at":$context.connectedAt} $other')).to.equal(
      '{"id":"AAAAAAAAAAAAAAA=","route":"sendmessage","at":7} $other',
    );
  });

  it("replaces nested variables, and keeps a period after a variable", () => {
    expect(line("$context.identity.sourceIp. $context.authorizer.principalId, $context.routeKey.")).to.equal(
      "127.0.0.1. anna, sendmessage.",
    );
  });

  it("has the status and the error", () => {
    const fields = { status: 403, error: { message: 'no "go"' } };
    expect(line("$context.status $context.error.message $context.error.messageString", fields)).to.equal(
      '403 no "go" "no \\"go\\""',
    );
  });

  it("has the latency and the statuses of the integration", () => {
    const fields = { status: 200, integration: { status: 404, serviceStatus: 200, latency: 12 } };
    const format = "$context.integrationLatency $context.integrationStatus $context.integration.status";
    expect(line(format, fields)).to.equal("12 200 404");
  });

  it("has the nested variables of the integration, and no others", () => {
    const integration = { status: 404, serviceStatus: 200, latency: 12, requestId: "id", error: "failed" };
    const names = ["integrationStatus", "status", "latency", "requestId", "serviceStatus", "error"];
    const format = names.map((name) => `$context.integration.${name}`).join(" ");
    expect(line(format, { status: 200, integration })).to.equal("200 404 12 id - failed");
  });

  it("has the response type of an error", () => {
    const integration = { status: undefined, serviceStatus: 200, latency: 12 };
    const typeOf = (fields: AccessLogFields) => line("$context.error.responseType", fields);
    expect(typeOf({ status: 429, error: { message: "Too Many Requests" } })).to.equal("THROTTLED");
    expect(typeOf({ status: 400, error: { message: "Invalid request body" } })).to.equal("BAD_REQUEST_BODY");
    const internal = { status: 500, error: { message: "Internal server error" } };
    expect(typeOf({ ...internal, integration })).to.equal("INTEGRATION_FAILURE");
    expect(typeOf(internal)).to.equal("AUTHORIZER_FAILURE");
    expect(typeOf({ status: 200 })).to.equal("-");
  });

  it("has the steps of the authorization beside the context of the authorizer", () => {
    const ran = { integrationStatus: 200, integrationLatency: 7, requestId: "id" };
    const authorization = {
      authorizer: { ...ran, status: 200, latency: 8 },
      authorize: { status: 403, latency: 0, error: "Forbidden" },
    };
    const names = ["principalId", "status", "integrationStatus", "integrationLatency", "latency", "requestId", "error"];
    const format = names.map((name) => `$context.authorizer.${name}`).join(" ");
    expect(line(format, { status: 403, authorization })).to.equal("anna 200 200 7 8 id -");
    expect(line("$context.authorize.status $context.authorize.error", { status: 403, authorization })).to.equal(
      "403 Forbidden",
    );
    expect(line("$context.authenticate.status", { status: 403, authorization })).to.equal("-");
  });

  it("writes - for a variable without a value", () => {
    expect(line("$context.nothing $context.error.message $context.identity $context.routeKey.deep")).to.equal(
      "- - - -",
    );
  });

  it("ignores inherited properties", () => {
    expect(line("$context.constructor $context.identity.toString $context.__proto__")).to.equal("- - -");
  });
});
