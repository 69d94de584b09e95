import { expect } from "chai";
import { logGroupsOf } from "../../../scripts/logs/follow.ts";
import { ENABLED } from "../../support/environments.ts";
import { environment, ISSUER, STACK } from "../../support/synthesized.ts";

describe("scripts/logs/log-groups", () => {
  it("include those of the enabled services", () => {
    const { chatOps } = ENABLED;
    const enabled = { ...environment, chatOps: { ...chatOps, services: { github: {} } } };
    expect(logGroupsOf(enabled)).to.have.property("github", `/aws/lambda/${STACK}-github`);
    expect(logGroupsOf(enabled)).not.to.have.property("jenkins");
  });

  it("include that of the authorizer if the environment accepts tokens", () => {
    expect(logGroupsOf(environment)).not.to.have.property("authorize");
    expect(logGroupsOf({ ...environment, authentication: ISSUER })).to.have.property("authorize");
  });

  it("include those of the routes in the environment", () => {
    expect(logGroupsOf(environment)).to.include.keys("connect", "send-message", "fan-out");
    expect(logGroupsOf(environment)).not.to.have.any.keys("invite", "kick");
  });

  it("include the access log if it is enabled", () => {
    expect(logGroupsOf(environment)).not.to.have.property("access-log");
    expect(logGroupsOf({ ...environment, accessLog: true })["access-log"]).to.equal(`/aws/apigateway/${STACK}`);
  });
});
