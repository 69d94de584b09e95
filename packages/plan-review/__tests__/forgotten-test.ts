import { expect } from "chai";
import { losesData } from "../src/review.ts";
import { sectionsOf } from "../src/sections.ts";
import { textOf } from "./support/phrases.ts";
import { aReview, type Planned } from "./support/plans.ts";

const TITLE = "No longer managed by Terraform";

const forgotten = (before: object): Planned => ({ before: { ...before }, after: null, actions: ["forget"] });

const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" }] });

/** The sections with entries. */
function reported(resources: Readonly<Record<string, Planned>>) {
  const review = aReview(resources);
  const sections = sectionsOf(review).map(({ title, sentences }): [string, string[]] => [title, sentences.map(textOf)]);
  return { sections: new Map(sections), isGuarded: losesData(review) };
}

describe("forgotten", () => {
  it("reports that forgotten permissions, routes and data stay, and none as lost", () => {
    const { sections, isGuarded } = reported({
      "aws_iam_role_policy.say": forgotten({ name: "say", role: "say", policy }),
      "aws_iam_user_policy_attachment.a": forgotten({
        user: "anna",
        policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
      }),
      "aws_apigatewayv2_route.say": forgotten({ id: "r1", route_key: "say" }),
      "aws_dynamodb_table.talk": forgotten({ name: "talk" }),
    });
    for (const title of ["Data at risk", "Permissions gained", "Permissions lost"]) {
      expect(sections.get(title), title).to.deep.equal(["None."]);
    }
    expect(sections.get("Routes")).to.deep.equal(["No route changes."]);
    expect(sections.get(TITLE)).to.deep.equal([
      "`aws_iam_role_policy.say` stays in AWS as it is, and Terraform stops managing it.",
      "`aws_iam_user_policy_attachment.a` stays in AWS as it is, and Terraform stops managing it.",
      "`aws_apigatewayv2_route.say` stays in AWS as it is, and Terraform stops managing it.",
      "Table `talk` (`aws_dynamodb_table.talk`) stays in AWS as it is, and Terraform stops managing it.",
    ]);
    expect(isGuarded).to.equal(false);
  });

  it("counts the permissions of a replaced and forgotten policy twice, because both policies stay", () => {
    const other = policy.replace("PutItem", "DeleteItem");
    const change = {
      before: { user: "anna", policy },
      after: { user: "anna", policy: other },
      actions: ["create", "forget"],
    };
    const { sections } = reported({ "aws_iam_user_policy.x": change });
    expect(sections.get("Permissions gained")).to.deep.equal([
      "User `anna` may now `dynamodb:DeleteItem` on *any resource*.",
    ]);
    expect(sections.get("Permissions lost")).to.deep.equal(["None."]);
    expect(sections.get(TITLE)).to.deep.equal([
      "`aws_iam_user_policy.x` stays in AWS as it is, and Terraform stops managing it. Terraform creates a new one in its place.",
    ]);
  });

  it("is not a section if nothing is forgotten", () => {
    expect(reported({}).sections.has(TITLE)).to.equal(false);
  });
});
