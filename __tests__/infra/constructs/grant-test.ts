import { expect } from "chai";
import { policyDocument, type Statement, statementId } from "../../../infra/constructs/grant.ts";

describe("infra/constructs/grant", () => {
  it("derives a statement id of letters and digits from the name of a grant", () => {
    expect(statementId("write members")).to.equal("WriteMembers");
    expect(statementId("invoke fan-out")).to.equal("InvokeFanOut");
    expect(statementId("invoke s3_copy.v2")).to.equal("InvokeS3CopyV2");
  });

  it("refuses a policy in which two statements have one id", () => {
    const statement: Statement = { Sid: "Push", Effect: "Allow", Action: ["a:B"], Resource: ["arn"] };
    expect(JSON.parse(policyDocument([statement])).Statement).to.deep.equal([statement]);
    expect(() => policyDocument([statement, statement])).to.throw('two statements with the id "Push"');
  });
});
