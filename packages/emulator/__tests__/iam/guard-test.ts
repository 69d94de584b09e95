import { expect } from "chai";
import type { Access } from "../../src/iam/evaluate.ts";
import { type AllowedRequest, allowAll, createGuard, type DeniedRequest } from "../../src/iam/guard.ts";
import type { Policy } from "../../src/iam/policy.ts";
import { developer, type Principal } from "../../src/iam/principal.ts";
import type { SignedRequest } from "../../src/iam/signature.ts";
import { aws4Signed } from "../support/aws4-signed.ts";
import { ACCOUNT_ID, aFunction } from "../support/principals.ts";

const NOW = Date.UTC(2026, 6, 1, 12);
const TABLE = `arn:aws:dynamodb:eu-west-2:${ACCOUNT_ID}:table/items`;

const put: Access = { action: "dynamodb:PutItem", resource: TABLE };
const get: Access = { action: "dynamodb:GetItem", resource: TABLE };
const allow = { Effect: "Allow", Action: "dynamodb:PutItem", Resource: TABLE };

interface Guarded {
  readonly verdict: AllowedRequest | DeniedRequest;
  readonly sentences: readonly string[];
}

/** The verdict on a request that a principal signs, and the reports about it. */
function guarded(principal: Principal, accesses: readonly Access[], own: Partial<SignedRequest> = {}): Guarded {
  const signing = { service: "dynamodb", region: "eu-west-2", now: NOW };
  const sentences: string[] = [];
  const report = (sentence: string) => void sentences.push(sentence);
  const guard = createGuard({ ...signing, principals: [principal], now: () => NOW, report });
  const request = aws4Signed(principal.credentials, { ...signing, method: "POST", path: "/", body: "{}" });
  return { verdict: guard({ ...request, ...own }, accesses), sentences };
}

describe("iam/guard", () => {
  it("allows a request if its principal has all permissions, without a report", () => {
    const principal = aFunction(allow);
    expect(guarded(principal, [put, put])).to.deep.equal({ verdict: { principal }, sentences: [] });
  });

  it("allows the developer everything", () => {
    const principal = developer(ACCOUNT_ID);
    expect(guarded(principal, [put, get])).to.deep.equal({ verdict: { principal }, sentences: [] });
  });

  it("denies an action that no policy allows, with AWS's message, and reports where to grant it", () => {
    expect(guarded(aFunction(allow), [put, get])).to.deep.equal({
      verdict: {
        errorType: "AccessDeniedException",
        message: `User: arn:aws:sts::${ACCOUNT_ID}:assumed-role/say-role/say is not authorized to perform: dynamodb:GetItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:GetItem action`,
        access: {
          ...get,
          context: {
            "aws:principalaccount": [ACCOUNT_ID],
            "aws:requestedregion": ["eu-west-2"],
            "aws:securetransport": ["true"],
            "aws:currenttime": ["2026-07-01T12:00:00.000Z"],
            "aws:epochtime": [String(NOW / 1000)],
          },
        },
      },
      sentences: [
        `aws_iam_role.say is not allowed to perform dynamodb:GetItem on ${TABLE}. Grant it in aws_iam_role_policy.say, or start with --no-iam.`,
      ],
    });
  });

  it("escapes control characters in a report", () => {
    const context = { "dynamodb:leadingkeys": ["a\u001b[2Jb\n"] };
    const { sentences } = guarded(aFunction(allow), [{ ...get, context }]);
    expect(sentences[0]).to.include(" with dynamodb:leadingkeys a\\x1b[2Jb\\x0a. Grant it in ");
  });

  it("denies an action that a policy denies, with AWS's message", () => {
    const { verdict } = guarded(aFunction(allow, { ...allow, Effect: "Deny" }), [put]);
    expect(verdict)
      .to.have.property("message")
      .that.includes(`${TABLE} with an explicit deny in an identity-based policy`);
  });

  it("reports the role if it has no policy, and the partition keys of the request", () => {
    const { sentences } = guarded(aFunction(), [{ ...put, context: { "dynamodb:leadingkeys": ["a", "b"] } }]);
    expect(sentences).to.deep.equal([
      `aws_iam_role.say is not allowed to perform dynamodb:PutItem on ${TABLE} with dynamodb:leadingkeys a, b. Grant it in a policy of aws_iam_role.say, or start with --no-iam.`,
    ]);
  });

  it("does not suggest to change a policy of AWS", () => {
    const managed = { address: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", statements: [] };
    const { policies, ...own } = aFunction(allow);
    const hints = [[managed], [managed, ...(policies as readonly Policy[])]].map(
      (attached) => guarded({ ...own, policies: attached }, [get]).sentences[0]?.split(". ")[1],
    );
    expect(hints).to.deep.equal([
      "Grant it in a policy of aws_iam_role.say, or start with --no-iam.",
      "Grant it in aws_iam_role_policy.say, or start with --no-iam.",
    ]);
  });

  it("evaluates conditions on the account, the region and the keys of the request", () => {
    const condition = (region: string) => ({
      StringEquals: { "aws:PrincipalAccount": ACCOUNT_ID, "aws:RequestedRegion": region },
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "CONN#*" },
    });
    const outcome = (region: string, key: string) =>
      Object.keys(
        guarded(aFunction({ ...allow, Condition: condition(region) }), [
          { ...put, context: { "dynamodb:leadingkeys": [key] } },
        ]).verdict,
      );
    expect(outcome("eu-west-2", "CONN#1")).to.deep.equal(["principal"]);
    expect(outcome("eu-west-2", "USER#1")).to.include("errorType");
    expect(outcome("us-east-1", "CONN#1")).to.include("errorType");
  });

  it("does not let a request set the account or the region that conditions compare", () => {
    const statement = { ...allow, Condition: { StringEquals: { "aws:PrincipalAccount": "111111111111" } } };
    const { verdict } = guarded(aFunction(statement), [
      { ...put, context: { "aws:principalaccount": ["111111111111"] } },
    ]);
    expect(verdict).to.include({ errorType: "AccessDeniedException" });
  });

  it("rejects an invalid signature before it checks permissions, and does not report the expected signature", () => {
    const { verdict, sentences } = guarded(aFunction(allow), [put], { body: "changed" });
    expect(verdict).to.include({ errorType: "InvalidSignatureException" }).and.not.have.property("access");
    expect(sentences).to.deep.equal([
      "A request to dynamodb was rejected: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    ]);
  });

  it("requires a signature even if no permission is needed", () => {
    expect(guarded(aFunction(), []).verdict).to.have.key("principal");
    expect(guarded(aFunction(), [], { headers: {} }).verdict).to.include({
      errorType: "MissingAuthenticationTokenException",
    });
  });

  it("allows every request if IAM is off", () => {
    expect(allowAll({ method: "GET", path: "/", headers: {}, body: "" }, [put])).to.deep.equal({
      principal: undefined,
    });
  });
});
