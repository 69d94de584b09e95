import { expect } from "chai";
import { permissionsOf, permits } from "../../src/terraform/functions.ts";

const API = "arn:aws:execute-api:eu-west-2:000000000000:a1b2c3";

const permission = {
  function_name: "say",
  action: "lambda:InvokeFunction",
  principal: "apigateway.amazonaws.com",
  source_arn: `${API}/*/sendmessage`,
};

/** Whether the function `say` allows API Gateway to invoke it for the route, with these changes to its permission. */
const isPermitted = (own: object = {}, sourceArn = `${API}/dev/sendmessage`): boolean =>
  permits(permissionsOf({ aws_lambda_permission: { say: { ...permission, ...own } } }), {
    functionName: "say",
    sourceArn,
  });

describe("terraform/permissions", () => {
  it("allows API Gateway to invoke a function for the route in its permission (HS-25, TF-11)", () => {
    expect(isPermitted()).to.equal(true);
    expect(isPermitted({}, `${API}/dev/$connect`)).to.equal(false);
  });

  for (const [title, own] of Object.entries({
    "for the whole API": { source_arn: `${API}/*` },
    "for any source": { source_arn: undefined },
    "for every action of Lambda": { action: "lambda:*" },
    "of the function by its ARN": { function_name: "arn:aws:lambda:eu-west-2:000000000000:function:say" },
  })) {
    it(`accepts a permission ${title}`, () => {
      expect(isPermitted(own)).to.equal(true);
    });
  }

  for (const [title, own] of Object.entries({
    "of another function": { function_name: "say-more" },
    "for another service": { principal: "events.amazonaws.com" },
    "for another action": { action: "lambda:GetFunction" },
    "for another API": { source_arn: `${API}x/*` },
    "for another stage": { source_arn: `${API}/prod/*` },
    "for the authorizers": { source_arn: `${API}/authorizers/*` },
  })) {
    it(`does not accept a permission ${title}`, () => {
      expect(isPermitted(own)).to.equal(false);
    });
  }

  it("denies API Gateway if there is no permission", () => {
    expect(permits(permissionsOf({}), { functionName: "say", sourceArn: API })).to.equal(false);
  });
});
