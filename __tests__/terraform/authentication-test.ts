import { expect } from "chai";
import { protectedRoutes } from "../support/moto/account-setup.ts";
import { type MotoProxy, startMotoProxy } from "../support/moto/proxy.ts";
import { projectCopy } from "../support/project-copy.ts";
import { ISSUER, MODERATED, STACK } from "../support/synthesized.ts";
import { changesNothing, succeeds, type TerraformProject, terraformProject } from "../support/terraform-project.ts";

const authentication = { ...ISSUER, closeAtTokenExpiry: true } as const;

/** With all routes. changed-authentication-test.ts deploys each kind with a few, and chat-ops-test.ts Cognito with all. */
describe("the Terraform of an environment that accepts the tokens of an issuer", () => {
  let proxy: MotoProxy;
  let project: TerraformProject;

  before(async () => {
    proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, "444444444444", {
      folder: () => project?.folder,
    });
    project = terraformProject(projectCopy({ environment: { authentication, ...MODERATED } }), proxy);
    await succeeds(project.synthesize());
  });
  after(() => proxy.stop());

  it("can be applied, and has an empty plan afterwards", async () => {
    await succeeds(project.terraform(STACK, "init", "-input=false"));
    await succeeds(project.terraform(STACK, "apply", "-auto-approve", "-input=false", "-no-color"));
    await changesNothing(project, STACK);
  });

  it("protects $connect, and no other route", async () => {
    expect(await protectedRoutes(proxy.url)).to.deep.equal([["$connect", "CUSTOM"]]);
  });

  it("leaves no resources after it is destroyed", async () => {
    await succeeds(project.terraform(STACK, "destroy", "-auto-approve", "-input=false", "-no-color"));
  });
});
