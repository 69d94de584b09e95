import { expect } from "chai";
import { referencesOf, referred } from "../src/references.ts";
import { aPlan } from "./support/plans.ts";

const ARN = "arn:aws:dynamodb:eu-west-2:123456789012:table/chat";
const references = referencesOf(
  aPlan({
    "aws_dynamodb_table.table": { before: { arn: ARN } },
    "aws_dynamodb_table.other": { before: { arn: `${ARN}/other` } },
    "aws_apigatewayv2_integration.connect": { before: { id: "k3x9" } },
  }),
);

describe("references", () => {
  it("replaces a name with a reference, and keeps the rest of the text", () => {
    expect(references(ARN)).to.equal("${aws_dynamodb_table.table.arn}");
    expect(references(`${ARN}/index/*`)).to.equal("${aws_dynamodb_table.table.arn}/index/*");
    expect(references("integrations/k3x9")).to.equal("integrations/${aws_apigatewayv2_integration.connect.id}");
  });

  it("replaces the longest name, and no name that is only a prefix", () => {
    expect(references(`${ARN}/other`)).to.equal("${aws_dynamodb_table.other.arn}");
    expect(references(`${ARN}-2`)).to.equal(`${ARN}-2`);
  });

  it("finds the address in a reference", () => {
    const text = '${aws_sqs_queue.failed["a"].arn}:*';
    expect(referred(text)).to.deep.equal({ address: 'aws_sqs_queue.failed["a"]', rest: ":*" });
    expect(referred(ARN)).to.equal(undefined);
  });
});
