import { expect } from "chai";
import { logGroupsOf } from "../../../scripts/logs/groups.ts";
import { ENABLED } from "../../support/chatops/enabled.ts";
import { environment, ISSUER, STACK } from "../../support/synthesized.ts";

describe("scripts/logs/groups", () => {
  it("has those of the services that are enabled", () => {
    const { chatOps } = ENABLED;
    const enabled = { ...environment, chatOps: { ...chatOps, services: { github: {} } } };
    expect(logGroupsOf(enabled)).to.have.property("github", `/aws/lambda/${STACK}-github`);
    expect(logGroupsOf(enabled)).not.to.have.property("jenkins");
  });

  it("has that of the authorizer where users come with tokens", () => {
    expect(logGroupsOf(environment)).not.to.have.property("authorize");
    expect(logGroupsOf({ ...environment, authentication: ISSUER })).to.have.property("authorize");
  });

  it("has those of the routes that the environment has", () => {
    expect(logGroupsOf(environment)).to.include.keys("connect", "send-message", "fan-out");
    expect(logGroupsOf(environment)).not.to.have.any.keys("invite", "kick");
  });

  it("has the access log where the environment has one", () => {
    expect(logGroupsOf(environment)).not.to.have.property("access-log");
    expect(logGroupsOf({ ...environment, accessLog: true })["access-log"]).to.equal(`/aws/apigateway/${STACK}`);
  });
});
