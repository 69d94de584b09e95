import { expect } from "chai";
import { parsePolicy } from "../../src/iam/policy.ts";
import type { Principal } from "../../src/iam/principal.ts";
import type { Resources } from "../../src/terraform/configuration.ts";
import { rolesOf } from "../../src/terraform/roles.ts";

const ARN = "arn:aws:iam::000000000000:role/say-role";
const BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

const document = (action: string) => ({ Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });
const json = (action: string): string => JSON.stringify(document(action));
const statements = (action: string) => parsePolicy(document(action));

/** A role and other resources, with resolved references. */
const aRole = (own: object = {}, resources: object = {}): Resources =>
  ({ aws_iam_role: { say: { name: "say-role", arn: ARN, ...own } }, ...resources }) as Resources;

const policiesOf = (resources: Resources): Principal["policies"] => rolesOf(resources).get(ARN)?.policies ?? [];

describe("terraform/roles", () => {
  it("returns a role by its ARN, with its name and address", () => {
    expect([...rolesOf(aRole())]).to.deep.equal([
      [ARN, { address: "aws_iam_role.say", name: "say-role", policies: [] }],
    ]);
  });

  it("collects the policies of a role from all resources, each with its address", () => {
    const resources = aRole(
      { inline_policy: { name: "a", policy: json("a:A") }, managed_policy_arns: ["arn:own"] },
      {
        aws_iam_role_policy: { say: { role: "say-role", policy: json("b:B") } },
        aws_iam_policy: {
          own: { arn: "arn:own", policy: json("c:C") },
          attached: { arn: "arn:at", policy: json("d:D") },
        },
        aws_iam_role_policy_attachment: { say: { role: "say-role", policy_arn: "arn:at" } },
      },
    );
    expect(policiesOf(resources)).to.deep.equal([
      { address: "aws_iam_role.say", statements: statements("a:A") },
      { address: "aws_iam_role_policy.say", statements: statements("b:B") },
      { address: "aws_iam_policy.attached", statements: statements("d:D") },
      { address: "aws_iam_policy.own", statements: statements("c:C") },
    ]);
  });

  it("attaches exclusive policies, and refuses those that detach another one", () => {
    const owned = (...policy_arns: string[]): Resources =>
      aRole(
        { managed_policy_arns: ["arn:own"] },
        {
          aws_iam_policy: { own: { arn: "arn:own", policy: json("c:C") } },
          aws_iam_role_policy_attachments_exclusive: { say: { role_name: "say-role", policy_arns } },
        },
      );
    expect(policiesOf(owned("arn:own", BASIC)))
      .to.have.length(2)
      .and.deep.include({ address: "aws_iam_policy.own", statements: statements("c:C") });
    expect(() => policiesOf(owned(BASIC))).to.throw(
      'aws_iam_role_policy_attachments_exclusive.say detaches the policy arn:own, which the stack attaches to the role say-role. Add it to "policy_arns", or remove the attachment.',
    );
  });

  it("does not give a role the policies of another", () => {
    const other = { name: "other-role", arn: "arn:other" };
    const resources = aRole({}, { aws_iam_role_policy: { other: { role: "other-role", policy: json("a:A") } } });
    const { aws_iam_role: roles, ...rest } = resources;
    expect(policiesOf({ ...rest, aws_iam_role: { ...roles, other } })).to.deep.equal([]);
  });

  it("reads several inline blocks", () => {
    const inline = [json("a:A"), json("b:B")].map((policy) => ({ name: "own", policy }));
    expect(policiesOf(aRole({ inline_policy: inline }))).to.have.length(2);
  });

  it("supports the AWS managed policy that lets a function write its log", () => {
    const [policy] = policiesOf(aRole({ managed_policy_arns: [BASIC] }));
    expect(policy).to.have.property("address", BASIC);
    expect(policy).to.have.nested.property("statements[0].actions.patterns").that.includes("logs:PutLogEvents");
  });

  it("rejects any other policy, by name", () => {
    for (const arn of ["arn:aws:iam::aws:policy/AdministratorAccess", "constructor"]) {
      expect(() => rolesOf(aRole({ managed_policy_arns: [arn] })), arn).to.throw(
        `aws_iam_role.say has the policy ${arn}, which is not in the stack. Add it to the stack, or use an AWS managed policy that the emulator supports: arn:`,
      );
    }
  });

  it("rejects a policy that cannot be evaluated, with its address", () => {
    const policy = JSON.stringify({ Statement: [{ ...document("a:A").Statement[0], Condition: { Nope: {} } }] });
    expect(() => rolesOf(aRole({}, { aws_iam_role_policy: { own: { role: "say-role", policy } } }))).to.throw(
      'The policy of aws_iam_role_policy.own cannot be evaluated. The emulator cannot evaluate the condition operator "Nope".',
    );
    expect(() => rolesOf(aRole({ inline_policy: [{ name: "own" }] }))).to.throw(
      "The policy of aws_iam_role.say cannot",
    );
  });

  for (const [type, own] of [
    ["aws_iam_role_policy", { policy: json("a:A") }],
    ["aws_iam_role_policy_attachment", { policy_arn: BASIC }],
  ] as const) {
    it(`rejects an ${type} of a role that is not in the stack`, () => {
      expect(() => rolesOf(aRole({}, { [type]: { stray: { role: "gone", ...own } } }))).to.throw(
        `${type}.stray has the role gone, which is not in the stack. Add the role.`,
      );
    });
  }
});
