import { expect } from "chai";
import { type AccessFacts, renderAccess } from "../../src/gateway/access-log.ts";

const context = {
  requestId: "AAAAAAAAAAAAAAA=",
  routeKey: "sendmessage",
  connectedAt: 7,
  identity: { sourceIp: "127.0.0.1" },
  authorizer: { principalId: "anna" },
};

const line = (format: string, facts: AccessFacts = { status: 200 }): string => renderAccess(format, context, facts);

describe("gateway/access-log", () => {
  it("fills in the variables of the context, and leaves all other text", () => {
    expect(line('{"id":"$context.requestId","route":"$context.routeKey","at":$context.connectedAt} $other')).to.equal(
      '{"id":"AAAAAAAAAAAAAAA=","route":"sendmessage","at":7} $other',
    );
  });

  it("finds variables at depth, and ends one at the last letter", () => {
    expect(line("$context.identity.sourceIp. $context.authorizer.principalId, $context.routeKey.")).to.equal(
      "127.0.0.1. anna, sendmessage.",
    );
  });

  it("tells the status, and what went wrong", () => {
    const facts = { status: 403, error: { message: 'no "go"' } };
    expect(line("$context.status $context.error.message $context.error.messageString", facts)).to.equal(
      '403 no "go" "no \\"go\\""',
    );
  });

  it("tells how long the integration took", () => {
    const facts = { status: 200, integration: { status: 404, serviceStatus: 200, latency: 12 } };
    const format = "$context.integrationLatency $context.integrationStatus $context.integration.status";
    expect(line(format, facts)).to.equal("12 200 404");
  });

  it("writes - for what has no value", () => {
    expect(line("$context.nothing $context.error.message $context.identity $context.routeKey.deep")).to.equal(
      "- - - -",
    );
  });

  it("finds nothing that every object has", () => {
    expect(line("$context.constructor $context.identity.toString $context.__proto__")).to.equal("- - -");
  });
});
