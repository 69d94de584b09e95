import { expect } from "chai";
import { readAuthorizerResult } from "../../src/gateway/authorization.ts";
import { requestKeys } from "../../src/iam/guard.ts";
import type { Invocation } from "../../src/lambda/execution-environment.ts";

const API = "arn:aws:execute-api:eu-west-2:000000000000:a1b2c3";
const RESOURCE = `${API}/dev/$connect`;

const statement = { Action: "execute-api:Invoke", Effect: "Allow", Resource: RESOURCE };

const aResult = (own: object = {}): object => ({
  principalId: "anna",
  policyDocument: { Version: "2012-10-17", Statement: [statement] },
  ...own,
});

const reports: string[] = [];

const read = (invocation: unknown) =>
  readAuthorizerResult(invocation as Invocation, {
    action: "execute-api:Invoke",
    resource: RESOURCE,
    context: requestKeys({ region: "eu-west-2", now: () => Date.UTC(2026, 6, 1) }),
    report: (reason) => reports.push(reason),
  });

const authorized = (payload: unknown) => read({ payload });

const granting = (own: object) =>
  authorized(aResult({ policyDocument: { Version: "2012-10-17", Statement: { ...statement, ...own } } }));

const FAILURE = { status: 500, message: "Internal server error" };
const forbidden = (how = "") => ({
  status: 403,
  message: "Forbidden",
  body: `{"Message":"User is not authorized to access this resource${how}"}`,
});

describe("gateway/authorization", () => {
  it("allows a client by a policy, and keeps the principal id (AU-10)", () => {
    expect(authorized(aResult())).to.deep.equal({ authorizer: { principalId: "anna" } });
  });

  it("keeps the context, with all values as strings (AU-10)", () => {
    const context = { name: "Anna", level: 7, admin: true };
    expect(authorized(aResult({ context }))).to.deep.equal({
      authorizer: { name: "Anna", level: "7", admin: "true", principalId: "anna" },
    });
  });

  it("ignores a principal id in the context", () => {
    expect(authorized(aResult({ context: { principalId: "ben" } }))).to.deep.equal({
      authorizer: { principalId: "anna" },
    });
  });

  it("allows $connect by a pattern with one slash after the stage, but not with two (AU-09)", () => {
    expect(granting({ Resource: `${API}/dev/*` })).to.have.key("authorizer");
    expect(granting({ Resource: `${API}/dev/*/*` })).to.deep.equal(forbidden());
  });

  it("returns 403 if no statement allows the resource, or one denies it (AU-08)", () => {
    expect(granting({ Resource: `${API}/prod/$connect` })).to.deep.equal(forbidden());
    expect(granting({ Action: "execute-api:ManageConnections" })).to.deep.equal(forbidden());
    expect(granting({ Effect: "Deny" })).to.deep.equal(forbidden(" with an explicit deny"));
  });

  it("evaluates conditions on the time and the region of the handshake", () => {
    const until = (time: string) => granting({ Condition: { DateLessThan: { "aws:CurrentTime": time } } });
    expect(until("2026-07-02T00:00:00Z")).to.have.key("authorizer");
    expect(until("2026-06-30T00:00:00Z")).to.deep.equal(forbidden());
    const from = (region: string) => granting({ Condition: { StringEquals: { "aws:RequestedRegion": region } } });
    expect(from("eu-west-2")).to.have.key("authorizer");
    expect(from("us-east-1")).to.deep.equal(forbidden());
  });

  it("returns 500 for a condition that it cannot evaluate, and reports it", () => {
    expect(granting({ Condition: { IpAddress: { "aws:SourceIp": "127.0.0.1" } } })).to.deep.equal(FAILURE);
    expect(reports.at(-1)).to.match(/^The emulator cannot evaluate the condition key "aws:SourceIp"\. It supports /);
  });

  it("returns 401 if the function's error message is exactly Unauthorized (AU-06)", () => {
    const failing = (errorMessage: string) => read({ error: { errorMessage } });
    expect(failing("Unauthorized")).to.deep.equal({ status: 401, message: "Unauthorized" });
    expect(failing("unauthorized")).to.deep.equal(FAILURE);
    expect(failing("Unauthorized.")).to.deep.equal(FAILURE);
  });

  it("returns 500 if the function is throttled (AU-07)", () => {
    expect(read({ throttled: true })).to.deep.equal(FAILURE);
  });

  for (const [title, payload] of Object.entries({
    nothing: undefined,
    null: null,
    "a string": "allow",
    "a status code": { statusCode: 401 },
    "no principal id": aResult({ principalId: undefined }),
    "a number as principal id": aResult({ principalId: 7 }),
    "no policy": aResult({ policyDocument: undefined }),
    "a policy without statements": aResult({ policyDocument: { Version: "2012-10-17" } }),
    "a policy that is invalid in IAM": aResult({ policyDocument: { Statement: { ...statement, Effect: "allow" } } }),
    "a list in the context": aResult({ context: { roles: ["admin"] } }),
    "an object in the context": aResult({ context: { user: { name: "anna" } } }),
    "null in the context": aResult({ context: { user: null } }),
    "a list as context": aResult({ context: ["anna"] }),
    "more than 8 KB": aResult({ context: { much: "x".repeat(8_192) } }),
  })) {
    it(`returns 500 if the function returns ${title} (AU-07, AU-10)`, () => {
      expect(authorized(payload)).to.deep.equal(FAILURE);
    });
  }
});
