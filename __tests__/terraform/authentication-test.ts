import { ApiGatewayV2Client, GetApisCommand, GetRoutesCommand } from "@aws-sdk/client-apigatewayv2";
import { expect } from "chai";
import { type MotoProxy, startMotoProxy } from "../support/moto/proxy.ts";
import { projectCopy } from "../support/project-copy.ts";
import { smallChat } from "../support/small-chat.ts";
import { environment, ISSUER, MODERATED, STACK } from "../support/synthesized.ts";
import { changesNothing, succeeds, type TerraformProject, terraformProject } from "../support/terraform-project.ts";

const jwt = { ...ISSUER, closeAtTokenExpiry: true } as const;

/** How each kind protects `$connect`. The stack with every service has Cognito. Only the first one adds routes. */
const KINDS = [
  {
    authentication: jwt,
    type: "CUSTOM",
    copy: () => projectCopy({ environment: { authentication: jwt, ...MODERATED } }),
    account: "444444444444",
  },
  {
    authentication: { kind: "iam" },
    type: "AWS_IAM",
    copy: () => smallChat({ authentication: { kind: "iam" } }).folder,
    account: "555555555555",
  },
] as const;

for (const { authentication, type, copy, account } of KINDS) {
  describe(`the Terraform of an environment with the authentication ${authentication.kind}`, () => {
    let proxy: MotoProxy;
    let project: TerraformProject;

    before(async () => {
      proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, account, { folder: () => project?.folder });
      project = terraformProject(copy(), proxy.url);
      await succeeds(project.synthesize());
    });
    after(() => proxy.stop());

    it("can be applied, and has an empty plan afterwards", async () => {
      await succeeds(project.terraform(STACK, "init", "-input=false"));
      await succeeds(project.terraform(STACK, "apply", "-auto-approve", "-input=false", "-no-color"));
      await changesNothing(project, STACK);
    });

    it("protects $connect, and no other route", async () => {
      const gateway = new ApiGatewayV2Client({ endpoint: proxy.url, region: environment.region });
      const { Items: [api] = [] } = await gateway.send(new GetApisCommand({}));
      const { Items: routes = [] } = await gateway.send(new GetRoutesCommand({ ApiId: api?.ApiId }));
      const guarded = routes.filter(({ AuthorizationType }) => AuthorizationType !== "NONE");
      expect(guarded.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType])).to.deep.equal([
        ["$connect", type],
      ]);
      expect(Boolean(guarded[0]?.AuthorizerId)).to.equal(type === "CUSTOM");
    });

    it("leaves no resources after it is destroyed", async () => {
      await succeeds(project.terraform(STACK, "destroy", "-auto-approve", "-input=false", "-no-color"));
    });
  });
}
