import { expect } from "chai";
import { type Access, type Decision, evaluate } from "../../src/iam/evaluate.ts";
import { parsePolicy } from "../../src/iam/policy.ts";

const TABLE = "arn:aws:dynamodb:eu-west-2:000000000000:table/items";
const API = "arn:aws:execute-api:eu-west-2:000000000000:a1b2c3";

const put: Access = { action: "dynamodb:PutItem", resource: TABLE };

const decide = (statements: readonly object[], access: Access): Decision =>
  evaluate(parsePolicy({ Statement: statements }), access);

const allow = { Effect: "Allow", Action: "dynamodb:PutItem", Resource: TABLE };

describe("iam/evaluate", () => {
  it("allows only what a statement allows", () => {
    expect(decide([allow], put)).to.equal("allowed");
    expect(decide([allow], { ...put, action: "dynamodb:GetItem" })).to.equal("not-granted");
    expect(decide([allow], { ...put, resource: `${TABLE}/index/by-user` })).to.equal("not-granted");
    expect(evaluate([], put)).to.equal("not-granted");
  });

  it("gives a Deny precedence over every Allow, in any order", () => {
    const deny = { ...allow, Effect: "Deny" };
    expect(decide([allow, deny], put)).to.equal("explicit-deny");
    expect(decide([deny, allow], put)).to.equal("explicit-deny");
  });

  it("ignores the case of actions, but not of resources", () => {
    expect(decide([{ ...allow, Action: "DynamoDB:putitem" }], put)).to.equal("allowed");
    expect(decide([{ ...allow, Action: "dynamodb:Put*" }], put)).to.equal("allowed");
    expect(decide([{ ...allow, Resource: TABLE.toUpperCase().replace("ARN", "arn") }], put)).to.equal("not-granted");
  });

  it("applies NotAction and NotResource to all others", () => {
    expect(decide([{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }], put)).to.equal("allowed");
    expect(decide([{ Effect: "Allow", NotAction: "dynamodb:*", Resource: "*" }], put)).to.equal("not-granted");
    expect(decide([{ Effect: "Allow", Action: "*", NotResource: TABLE }], put)).to.equal("not-granted");
    expect(decide([{ Effect: "Allow", Action: "*", NotResource: API }], put)).to.equal("allowed");
  });

  it("ignores a statement whose condition does not hold", () => {
    const Condition = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "CONN#*" } };
    const withKey = (key: string) => ({ ...put, context: { "dynamodb:leadingkeys": [key] } });
    expect(decide([{ ...allow, Condition }], withKey("CONN#1"))).to.equal("allowed");
    expect(decide([{ ...allow, Condition }], withKey("USER#1"))).to.equal("not-granted");
    expect(decide([allow, { ...allow, Effect: "Deny", Condition }], withKey("USER#1"))).to.equal("allowed");
  });

  it("replaces variables in resources, and does not match a variable without a value", () => {
    const access = { ...put, context: { "aws:principalaccount": ["items"] } };
    const decideOn = (own: object, Version = "2012-10-17") =>
      evaluate(parsePolicy({ Version, Statement: { ...allow, Resource: undefined, ...own } }), access);
    const prefix = TABLE.replace("items", "");
    expect(decideOn({ Resource: `${prefix}\${aws:PrincipalAccount}` })).to.equal("allowed");
    expect(decideOn({ Resource: `${prefix}\${aws:username, 'items'}` })).to.equal("allowed");
    expect(decideOn({ Resource: `${prefix}*\${aws:username}` })).to.equal("not-granted");
    expect(decideOn({ NotResource: `${prefix}*\${aws:username}` })).to.equal("allowed");
    expect(decideOn({ Resource: `${prefix}\${aws:PrincipalAccount}` }, "2008-10-17")).to.equal("not-granted");
  });

  for (const [pattern, decision] of [
    [`${API}/dev/$connect`, "allowed"],
    [`${API}/dev/*`, "allowed"],
    [`${API}/*/$connect`, "allowed"],
    ["arn:aws:execute-api:*", "allowed"],
    [`${API}/dev/*/*`, "not-granted"],
    [`${API}/prod/*`, "not-granted"],
  ] as const) {
    it(`evaluates ${pattern} to "${decision}" for $connect (AU-09)`, () => {
      const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: pattern };
      const access = { action: "execute-api:Invoke", resource: `${API}/dev/$connect` };
      expect(decide([statement], access)).to.equal(decision);
    });
  }
});
