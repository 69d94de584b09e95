import { expect } from "chai";
import { logGroupsOf } from "../../../scripts/logs/groups.ts";
import { environment, STACK } from "../../support/synthesized.ts";

describe("scripts/logs/groups", () => {
  it("has the access log where the environment has one", () => {
    expect(logGroupsOf(environment)).not.to.have.property("access-log");
    expect(logGroupsOf({ ...environment, accessLog: true })["access-log"]).to.equal(`/aws/apigateway/${STACK}`);
  });
});
