import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { services } from "../../chatops/services.ts";
import { secretName } from "../../infra/names.ts";
import { ENABLED } from "../support/environments.ts";
import { type MotoProxy, startMotoProxy } from "../support/moto/proxy.ts";
import { projectCopy } from "../support/project-copy.ts";
import { environment, STACK } from "../support/synthesized.ts";
import { changesNothing, succeeds, type TerraformProject, terraformProject } from "../support/terraform-project.ts";

const TOKEN = "hunter2-hunter2-hunter2";

describe("a stack with every service enabled and its own user pool", () => {
  let proxy: MotoProxy;
  let project: TerraformProject;

  before(async () => {
    proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, "222222222222", {
      folder: () => project?.folder,
    });
    const chatOps = { ...ENABLED.chatOps, ownKmsKey: true };
    const own = { authentication: { kind: "cognito" }, chatOps } as const;
    project = terraformProject(projectCopy({ environment: own }), proxy);
    await succeeds(project.synthesize());
    await succeeds(project.terraform(STACK, "init", "-input=false"));
  });
  after(() => proxy.stop());

  it("can be applied, and has an empty plan afterwards", async () => {
    await succeeds(project.terraform(STACK, "apply", "-auto-approve", "-input=false", "-no-color"));
    await changesNothing(project, STACK);
  });

  it("has an empty plan after the secrets are set, and contains no secret in plan and state", async () => {
    const client = new SecretsManagerClient({ endpoint: proxy.url, region: environment.region });
    for (const { key } of services) {
      const SecretString = JSON.stringify({ token: TOKEN });
      await client.send(new PutSecretValueCommand({ SecretId: secretName(environment, key), SecretString }));
    }
    const plan = await changesNothing(project, STACK);
    const shown = await succeeds(project.terraform(STACK, "show", "-json"));
    const state = readFileSync(join(project.folder, `terraform.${STACK}.tfstate`), "utf8");
    expect(state).to.include(`"${STACK}/github"`);
    expect([plan, shown, state].join("\n")).not.to.include(TOKEN);
  });

  it("leaves no resources after it is destroyed", async () => {
    await succeeds(project.terraform(STACK, "destroy", "-auto-approve", "-input=false", "-no-color"));
    const state = readFileSync(join(project.folder, `terraform.${STACK}.tfstate`), "utf8");
    expect(JSON.parse(state).resources).to.deep.equal([]);
  });
});
