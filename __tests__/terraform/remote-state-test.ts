import { existsSync } from "node:fs";
import { join } from "node:path";
import aws4 from "aws4";
import { expect } from "chai";
import { PROJECT } from "../../infra/environments.ts";
import { type MotoProxy, startMotoProxy } from "../support/moto/proxy.ts";
import { type SmallChat, smallChat } from "../support/small-chat.ts";
import { environment } from "../support/synthesized.ts";
import { changesNothing, succeeds, type TerraformProject, terraformProject } from "../support/terraform-project.ts";

const SETTINGS = "infra/environments.ts";
const BUCKET = "chat-state-123456789012";
const BOOTSTRAP = `${PROJECT}-bootstrap`;
/** Different from the name in other tests, because moto remembers the tags of deleted resources. */
const NAME = "shared";
const STACK = `${PROJECT}-${NAME}`;
const STATE = `${STACK}.tfstate`;
const LOCK = `${STATE}.tflock`;

const ANOTHER_LOCK = JSON.stringify({ ID: "0c5e2a86", Operation: "OperationTypeApply", Who: "anna@elsewhere" });

describe("a state in S3, and the bootstrap stack", () => {
  let proxy: MotoProxy;
  let chat: SmallChat;
  let project: TerraformProject;

  before(async () => {
    proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, "333333333333", {
      folder: () => chat?.folder,
    });
    chat = smallChat();
    project = terraformProject(chat.folder, proxy);
    chat.edit(SETTINGS, "= undefined", `= { name: "${BUCKET}", region: "${environment.region}" }`);
    chat.edit(SETTINGS, 'name: "dev",', `name: "${NAME}", remoteState: true, accessLog: true,`);
  });
  after(() => proxy.stop());

  const ask = (service: string, { method = "GET", path = "/", body = "" }): Promise<Response> => {
    const { host } = new URL(proxy.url);
    const { headers } = aws4.sign(
      { service, region: environment.region, host, method, path, body },
      { accessKeyId: "test", secretAccessKey: "test" },
    );
    return fetch(`${proxy.url}${path}`, {
      method,
      headers: { Authorization: String(headers?.Authorization) },
      ...(body && { body }),
    });
  };
  /** The response of the bucket to another caller. */
  const s3 = (method: string, key: string, body = "") => ask("s3", { method, path: `/${BUCKET}/${key}`, body });
  const logRole = async (): Promise<string> =>
    JSON.parse(await (await ask("apigateway", { path: "/account" })).text()).cloudwatchRoleArn;
  const resourcesIn = async (key: string): Promise<unknown[]> =>
    JSON.parse(await (await s3("GET", key)).text()).resources;
  const apply = () => project.terraform(STACK, "apply", "-auto-approve", "-input=false", "-no-color");
  const migrate = () => project.terraform(STACK, "init", "-migrate-state", "-force-copy", "-no-color");

  it("is stored in the bucket of the bootstrap stack", async () => {
    await succeeds(project.cdktf(BOOTSTRAP, "deploy", "--auto-approve"));
    await changesNothing(project, BOOTSTRAP);
  });

  it("lets API Gateway write access logs with the role of the bootstrap stack", async () => {
    expect(await logRole()).to.equal(`arn:aws:iam::333333333333:role/${PROJECT}-api-gateway-logs`);
  });

  it("contains an environment after its first apply, which then has an empty plan", async () => {
    await succeeds(project.terraform(STACK, "init", "-input=false"));
    await succeeds(apply());
    expect(await resourcesIn(STATE)).not.to.be.empty;
    await changesNothing(project, STACK);
  });

  it("leaves no lock, and no state in the project folder", async () => {
    expect((await s3("GET", LOCK)).status).to.equal(404);
    expect(existsSync(join(project.folder, `terraform.${STATE}`))).to.equal(false);
  });

  it("is locked against a second operator", async () => {
    await s3("PUT", LOCK, ANOTHER_LOCK);
    const { code, output } = await apply();
    await s3("DELETE", LOCK);
    expect(code).to.equal(1);
    expect(output).to.include("Error acquiring the state lock").and.include("anna@elsewhere");
  });

  it("is read by npm run outputs", async () => {
    const outputs = JSON.parse(await succeeds(project.script("outputs", "--json")));
    expect(outputs.websocket_url).to.match(/^wss:\/\/\w+\.execute-api\./);
  });

  it("is used by the review of a plan, which names the changed setting", async () => {
    chat.edit(SETTINGS, "presenceMembersMax: 100", "presenceMembersMax: 50");
    const reviewed = await succeeds(project.script("plan", "--markdown"));
    expect(reviewed).to.include("PRESENCE_MEMBERS_MAX");
  });

  it("contains the change after the apply, with an empty plan afterwards", async () => {
    expect(await succeeds(apply())).to.match(/ 0 added, [1-9]\d* changed, 0 destroyed/);
    await changesNothing(project, STACK);
  });

  it("moves to the project folder, and back", async () => {
    chat.edit(SETTINGS, "remoteState: true", "remoteState: false");
    await succeeds(project.synthesize());
    await succeeds(migrate());
    await changesNothing(project, STACK);
    chat.edit(SETTINGS, "remoteState: false", "remoteState: true");
    await succeeds(project.synthesize());
    await succeeds(migrate());
    expect(await succeeds(project.cdktf(STACK, "diff"))).to.include("No changes");
  });

  it("is empty after the environment is destroyed", async () => {
    await succeeds(project.terraform(STACK, "destroy", "-auto-approve", "-input=false"));
    expect(await resourcesIn(STATE)).to.deep.equal([]);
  });

  it("does not remove the account's role for logs when the environment is destroyed", async () => {
    expect(await logRole()).to.include("api-gateway-logs");
    await changesNothing(project, BOOTSTRAP);
  });

  it("is in a bucket that Terraform does not destroy", async () => {
    const { code, output } = await project.terraform(
      BOOTSTRAP,
      "destroy",
      "-auto-approve",
      "-input=false",
      "-no-color",
    );
    expect(code).to.equal(1);
    expect(output).to.include("Instance cannot be destroyed");
    expect((await s3("HEAD", STATE)).status).to.equal(200);
  });
});
