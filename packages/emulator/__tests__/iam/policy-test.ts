import { expect } from "chai";
import { parsePolicy } from "../../src/iam/policy.ts";

const statement = { Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" };

/** What is said of a policy whose one statement is different in this. */
const faultOf =
  (own: object): (() => unknown) =>
  () =>
    parsePolicy({ Statement: { ...statement, ...own } });

describe("iam/policy", () => {
  it("reads a statement, alone or in a list, with texts or lists in it", () => {
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

  it("reads JSON as well as what it says", () => {
    expect(parsePolicy(JSON.stringify({ Statement: [statement] }))).to.deep.equal(
      parsePolicy({ Statement: statement }),
    );
  });

  it("reads a list without a statement, which grants nothing", () => {
    expect(parsePolicy({ Statement: [] })).to.deep.equal([]);
  });

  it("reads NotAction and NotResource", () => {
    const [read] = parsePolicy({ Statement: { Effect: "Deny", NotAction: "logs:*", NotResource: "arn:aws:logs:*" } });
    expect(read).to.deep.include({
      actions: { negated: true, patterns: ["logs:*"] },
      resources: { negated: true, patterns: ["arn:aws:logs:*"] },
    });
  });

  it("gives what goes into a thread and comes out as it was", () => {
    const condition = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "CONN#*" } };
    const statements = parsePolicy({ Statement: { ...statement, Condition: condition } });
    expect(structuredClone(statements)).to.deep.equal(statements);
  });

  const documents: Record<string, [unknown, string]> = {
    "no JSON": ["{", "The policy is no JSON: "],
    "no object": ["[]", "The policy is []; it must be an object."],
    nothing: [undefined, "The policy is undefined; it must be an object."],
    "no statement": [{ Version: "2012-10-17" }, "The policy has no Statement."],
    "a statement that is none": [{ Statement: [7] }, "A statement is 7; it must be an object."],
    "an element that IAM does not know": [{ Statements: [] }, 'cannot evaluate "Statements" in the policy.'],
    "a version that IAM does not know": [
      { Version: "2012-10-18", Statement: statement },
      '"2012-10-18"; it must be one',
    ],
  };
  for (const [title, [document, sentence]] of Object.entries(documents)) {
    it(`refuses a policy that is or has ${title}`, () => {
      expect(() => parsePolicy(document)).to.throw(sentence);
    });
  }

  const statements: Record<string, [object, string]> = {
    "a Principal, which only resources' policies have": [
      { Principal: "*" },
      'cannot evaluate "Principal" in a statement.',
    ],
    "another Effect": [{ Effect: "allow" }, 'The Effect of a statement is "allow"; it must be "Allow" or "Deny".'],
    "no Action": [{ Action: undefined }, "A statement has no Action."],
    "no Resource": [{ Resource: [] }, "A statement has no Resource."],
    "both Action and NotAction": [{ NotAction: "s3:*" }, "A statement has both Action and NotAction."],
    "both Resource and NotResource": [{ NotResource: "*" }, "A statement has both Resource and NotResource."],
    "an Action of no service": [
      { Action: "PutItem" },
      'The Action of a statement is "PutItem"; it must be "*" or like',
    ],
    "an Action that is no text": [{ Action: [7] }, "The Action of a statement is 7;"],
    "a Resource that is no ARN": [
      { Resource: "items" },
      'The Resource of a statement is "items"; it must be "*" or like',
    ],
    "a policy variable": [{ Resource: "arn:aws:s3:::${aws:username}" }, "cannot evaluate the policy variable in"],
    "a Condition that is none": [{ Condition: "always" }, 'A Condition is "always"; it must be an object.'],
  };
  for (const [title, [own, sentence]] of Object.entries(statements)) {
    it(`refuses a statement with ${title}`, () => {
      expect(faultOf(own)).to.throw(sentence);
    });
  }
});
