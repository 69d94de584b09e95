import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import sinon from "sinon";
import type { Verdict } from "../../../authentication/authenticate.ts";
import { authorizerLambda } from "../../../handlers/runtime/authorizer-lambda.ts";
import { aContext, anEvent } from "../../support/builders.ts";
import { captureLogs } from "../../support/captured-logs.ts";

const methodArn = "arn:aws:execute-api:eu-west-2:000000000000:a1b2c3/dev/$connect";
const TOKEN = "a-secret-token";

describe("handlers/runtime/authorizer-lambda", () => {
  const log = captureLogs();

  const invoke = (authorize: () => Promise<Verdict>, context = aContext()) =>
    authorizerLambda(authorize, {})(
      {
        ...anEvent({ routeKey: "$connect", connectionId: "c", requestId: "r" }),
        methodArn,
        headers: { Authorization: `Bearer ${TOKEN}`, "Sec-WebSocket-Protocol": `bearer.${TOKEN}` },
        queryStringParameters: { token: TOKEN },
      },
      context,
    );
  const logs = () => JSON.stringify([...log.info.args, ...log.error.args]);

  it("passes the handshake, with the names of headers in lower case", async () => {
    const authorize = sinon.stub().resolves({ user: "anna", context: {} });
    await invoke(authorize);
    expect(authorize.args[0]?.[1]).to.deep.equal({
      headers: { authorization: `Bearer ${TOKEN}`, "sec-websocket-protocol": `bearer.${TOKEN}` },
      query: { token: TOKEN },
    });
  });

  it("allows only $connect of this stage, and returns the identity", async () => {
    const context = { user: "anna", groups: "[]" };
    expect(await invoke(async () => ({ user: "anna", context }))).to.deep.equal({
      principalId: "anna",
      policyDocument: {
        Version: "2012-10-17",
        Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: methodArn }],
      },
      context,
    });
  });

  it("denies $connect to a forbidden user, without a context", async () => {
    const answer = await invoke(async () => ({ refused: "forbidden", why: "user" }));
    expect(answer).to.have.nested.property("policyDocument.Statement[0].Effect", "Deny");
    expect(answer).not.to.have.property("context");
  });

  it("throws the exact message that API Gateway turns into a 401", async () => {
    expect(await rejection(invoke(async () => ({ refused: "unauthorized", why: "no token" })))).to.equal(
      "Unauthorized",
    );
  });

  it("logs one line with the reason, and nothing that a client sent", async () => {
    await rejection(invoke(async () => ({ refused: "unauthorized", why: "ERR_JWT_EXPIRED exp" })));
    expect(log.info.args[0]?.[0]).to.include({ connectionId: "c", requestId: "r", refused: "ERR_JWT_EXPIRED exp" });
    expect(logs()).not.to.include(TOKEN);
    expect(log.info.callCount + log.error.callCount).to.equal(1);
    expect(log.metrics.count.args, "what anybody can bring about is no fault").to.deep.equal([]);
  });

  it("fails if the authorizer throws, and logs why", async () => {
    expect(await rejection(invoke(() => Promise.reject(new Error("the issuer is away"))))).to.equal(
      "the issuer is away",
    );
    expect(log.error.args[0]?.[0].fault).to.include("the issuer is away");
    expect(log.metrics.count.args).to.deep.equal([["Faults"]]);
    expect(logs()).not.to.include(TOKEN);
  });

  it("counts a timeout before Lambda does, which would count it like a 401", async () => {
    const context = { ...aContext(), getRemainingTimeInMillis: () => 501 };
    const never = () => new Promise<Verdict>(() => undefined);
    expect(await rejection(invoke(never, context))).to.equal(
      "The authorizer did not finish before its timeout. Check whether the issuer's keys can be fetched in time",
    );
    expect(log.metrics.count.args).to.deep.equal([["Faults"]]);
    expect(log.metrics.write.callCount).to.equal(1);
  });
});
