import { expect } from "chai";
import { type Authorized, readAuthorization } from "../../src/gateway/authorizer.ts";
import type { Invocation } from "../../src/lambda/execution-environment.ts";

const API = "arn:aws:execute-api:eu-west-2:000000000000:a1b2c3";
const RESOURCE = `${API}/dev/$connect`;

const statement = { Action: "execute-api:Invoke", Effect: "Allow", Resource: RESOURCE };

const answer = (own: object = {}): object => ({
  principalId: "anna",
  policyDocument: { Version: "2012-10-17", Statement: [statement] },
  ...own,
});

const authorized = (payload: unknown): Authorized => readAuthorization({ payload } as Invocation, RESOURCE);

const granting = (own: object): Authorized =>
  authorized(answer({ policyDocument: { Version: "2012-10-17", Statement: { ...statement, ...own } } }));

const FAILURE = { status: 500, message: "Internal server error" };
const forbidden = (how = "") => ({
  status: 403,
  message: "Forbidden",
  body: `{"Message":"User is not authorized to access this resource${how}"}`,
});

describe("gateway/authorizer", () => {
  it("lets a client connect whose authorizer allows it, and keeps who that is (AU-10)", () => {
    expect(authorized(answer())).to.deep.equal({ authorizer: { principalId: "anna" } });
  });

  it("keeps the context, with everything in it as text (AU-10)", () => {
    const context = { name: "Anna", level: 7, admin: true };
    expect(authorized(answer({ context }))).to.deep.equal({
      authorizer: { name: "Anna", level: "7", admin: "true", principalId: "anna" },
    });
  });

  it("lets no context speak for somebody else", () => {
    expect(authorized(answer({ context: { principalId: "ben" } }))).to.deep.equal({
      authorizer: { principalId: "anna" },
    });
  });

  it("allows $connect by a pattern with one slash after the API, and not with two (AU-09)", () => {
    expect(granting({ Resource: `${API}/dev/*` })).to.have.key("authorizer");
    expect(granting({ Resource: `${API}/dev/*/*` })).to.deep.equal(forbidden());
  });

  it("is 403 without a statement that allows it, or with one that denies it (AU-08)", () => {
    expect(granting({ Resource: `${API}/prod/$connect` })).to.deep.equal(forbidden());
    expect(granting({ Action: "execute-api:ManageConnections" })).to.deep.equal(forbidden());
    expect(granting({ Effect: "Deny" })).to.deep.equal(forbidden(" with an explicit deny"));
  });

  it("is 401 when the function fails with Unauthorized, to the letter (AU-06)", () => {
    const failing = (errorMessage: string): Authorized =>
      readAuthorization({ error: { errorMessage } } as Invocation, RESOURCE);
    expect(failing("Unauthorized")).to.deep.equal({ status: 401, message: "Unauthorized" });
    expect(failing("unauthorized")).to.deep.equal(FAILURE);
    expect(failing("Unauthorized.")).to.deep.equal(FAILURE);
  });

  it("is 500 when the function could not run (AU-07)", () => {
    expect(readAuthorization({ throttled: true }, RESOURCE)).to.deep.equal(FAILURE);
  });

  for (const [title, payload] of Object.entries({
    nothing: undefined,
    null: null,
    "a text": "allow",
    "a status": { statusCode: 401 },
    "no principal": answer({ principalId: undefined }),
    "a number for a principal": answer({ principalId: 7 }),
    "no policy": answer({ policyDocument: undefined }),
    "a policy without statements": answer({ policyDocument: { Version: "2012-10-17" } }),
    "a policy that IAM would not take": answer({ policyDocument: { Statement: { ...statement, Effect: "allow" } } }),
    "a list in the context": answer({ context: { roles: ["admin"] } }),
    "an object in the context": answer({ context: { user: { name: "anna" } } }),
    "null in the context": answer({ context: { user: null } }),
    "a list for a context": answer({ context: ["anna"] }),
    "more than 8 KB": answer({ context: { much: "x".repeat(8_192) } }),
  })) {
    it(`is 500 when the function answers with ${title} (AU-07, AU-10)`, () => {
      expect(authorized(payload)).to.deep.equal(FAILURE);
    });
  }
});
