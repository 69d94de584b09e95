import { expect } from "chai";
import { parsePolicy } from "../../src/iam/policy.ts";

const statement = { Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" };

/** Parses a policy whose only statement has these changes. */
const parsing =
  (own: object): (() => unknown) =>
  () =>
    parsePolicy({ Version: "2012-10-17", Statement: { ...statement, ...own } });

describe("iam/policy", () => {
  it("reads a statement, alone or in a list, with strings or lists in it", () => {
    const once = parsePolicy({ Version: "2012-10-17", Id: "own", Statement: statement });
    const listed = { Sid: "Write", Effect: "Allow", Action: ["dynamodb:PutItem"], Resource: ["*"] };
    expect(parsePolicy({ Version: "2008-10-17", Statement: [listed] })).to.deep.equal(once);
    expect(once).to.deep.equal([
      {
        effect: "Allow",
        actions: { negated: false, patterns: ["dynamodb:PutItem"] },
        resources: { negated: false, patterns: ["*"] },
        conditions: [],
      },
    ]);
  });

  it("reads JSON or an object", () => {
    expect(parsePolicy(JSON.stringify({ Statement: [statement] }))).to.deep.equal(
      parsePolicy({ Statement: statement }),
    );
  });

  it("reads an empty list of statements, which grants nothing", () => {
    expect(parsePolicy({ Statement: [] })).to.deep.equal([]);
  });

  it("reads NotAction and NotResource", () => {
    const [read] = parsePolicy({ Statement: { Effect: "Deny", NotAction: "logs:*", NotResource: "arn:aws:logs:*" } });
    expect(read).to.deep.include({
      actions: { negated: true, patterns: ["logs:*"] },
      resources: { negated: true, patterns: ["arn:aws:logs:*"] },
    });
  });

  it("returns plain data, which can be sent to a thread", () => {
    const condition = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "CONN#*" } };
    const statements = parsePolicy({ Statement: { ...statement, Condition: condition } });
    expect(structuredClone(statements)).to.deep.equal(statements);
  });

  const documents: Record<string, [unknown, string]> = {
    "not JSON": ["{", "The policy is not valid JSON: "],
    "not an object": ["[]", "The policy is []. It must be an object."],
    undefined: [undefined, "The policy is nothing. It must be an object."],
    "without a statement": [{ Version: "2012-10-17" }, "The policy has no Statement. Add one."],
    "with a number as a statement": [{ Statement: [7] }, "A statement is 7. It must be an object."],
    "with an unknown element": [{ Statements: [] }, 'cannot evaluate "Statements" in the policy.'],
    "with an unknown version": [{ Version: "2012-10-18", Statement: statement }, '"2012-10-18". It must be one'],
  };
  for (const [title, [document, sentence]] of Object.entries(documents)) {
    it(`rejects a policy that is ${title}`, () => {
      expect(() => parsePolicy(document)).to.throw(sentence);
    });
  }

  const statements: Record<string, [object, string]> = {
    "a Principal, which only resource policies have": [
      { Principal: "*" },
      'cannot evaluate "Principal" in a statement.',
    ],
    "another Effect": [{ Effect: "allow" }, 'The Effect of a statement is "allow". It must be "Allow" or "Deny".'],
    "no Action": [{ Action: undefined }, "A statement has no Action."],
    "no Resource": [{ Resource: [] }, "A statement has no Resource."],
    "both Action and NotAction": [{ NotAction: "s3:*" }, "A statement has both Action and NotAction."],
    "both Resource and NotResource": [{ NotResource: "*" }, "A statement has both Resource and NotResource."],
    "an Action without a service": [
      { Action: "PutItem" },
      'The Action of a statement is "PutItem". It must be "*" or have the format of',
    ],
    "an Action that is not a string": [{ Action: [7] }, "The Action of a statement is 7."],
    "a Resource that is not an ARN": [
      { Resource: "items" },
      'The Resource of a statement is "items". It must be "*" or have the format of',
    ],
    "an unsupported policy variable": [
      { Resource: "arn:aws:s3:::${aws:userid}" },
      "cannot evaluate the policy variable in",
    ],
    "a policy variable before the fifth colon of a resource": [
      { Resource: "arn:aws:s3:${aws:RequestedRegion}::a" },
      "has a policy variable before its fifth colon",
    ],
    "a policy variable in an action": [{ Action: "s3:${aws:username}" }, "has a policy variable. IAM allows them in"],
    "a string as its Condition": [{ Condition: "always" }, 'A Condition is "always". It must be an object.'],
  };
  for (const [title, [own, sentence]] of Object.entries(statements)) {
    it(`rejects a statement with ${title}`, () => {
      expect(parsing(own)).to.throw(sentence);
    });
  }
});
