import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  ApiGatewayV2Client,
  GetApisCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStagesCommand,
} from "@aws-sdk/client-apigatewayv2";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTimeToLiveCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import {
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { type MotoProxy, startMotoProxy } from "../support/moto-proxy.ts";
import { projectCopy, ROOT } from "../support/project-copy.ts";
import { deployed, environment, STACK, TABLE } from "../support/synthesized.ts";

const execute = promisify(execFile);

/** Runs a command and gives its exit code with all it printed. */
async function run(command: string, args: readonly string[], { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }) {
  try {
    const { stdout, stderr } = await execute(command, args, { cwd, env, maxBuffer: 2 ** 26 });
    return { code: 0, output: stdout + stderr };
  } catch (fault) {
    const { code, stdout, stderr } = fault as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

describe("the Terraform", () => {
  let proxy: MotoProxy;
  let project: string;
  let env: NodeJS.ProcessEnv;
  let client: { endpoint: string; region: string };

  before(async () => {
    proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string);
    project = projectCopy();
    env = { ...process.env, AWS_ENDPOINT_URL: proxy.url, CI: "true", CHECKPOINT_DISABLE: "1" };
    client = { endpoint: proxy.url, region: environment.region };
  });
  after(() => proxy.stop());

  const terraform = (...args: string[]) =>
    run("terraform", args, { cwd: join(project, "cdktf.out/stacks", STACK), env });
  // The lock asks the public registry, whatever mirror there is.
  const cdktf = (...args: string[]) =>
    run(join(ROOT, "node_modules/.bin/cdktf"), [...args, STACK, "--skip-provider-lock"], { cwd: project, env });

  const succeeds = async (running: ReturnType<typeof run>): Promise<string> => {
    const { code, output } = await running;
    expect(code, output).to.equal(0);
    return output;
  };

  it("is valid", async () => {
    await succeeds(run(process.execPath, ["--import", "tsx", "main.ts"], { cwd: project, env }));
    await succeeds(terraform("init", "-input=false"));
    await succeeds(terraform("validate"));
  });

  it("is applied by cdktf deploy, which puts out the URLs and the table's name", async () => {
    const output = await succeeds(cdktf("deploy", "--auto-approve"));
    const address = `://\\w+\\.execute-api\\.${environment.region}\\.amazonaws\\.com/${environment.stageName}\\s`;
    expect(output).to.match(new RegExp(`websocket_url = wss${address}`));
    expect(output).to.match(new RegExp(`management_endpoint = https${address}`));
    expect(output).to.include(`table_name = ${TABLE}`);
  });

  it("has nothing to change right after", async () => {
    const { code, output } = await terraform("plan", "-detailed-exitcode", "-input=false", "-no-color");
    expect(code, output).to.equal(0);
    expect(await succeeds(cdktf("diff"))).to.include("No changes");
  });

  it("has made a WebSocket API with a route and an integration for each row", async () => {
    const gateway = new ApiGatewayV2Client(client);
    const { Items: [api] = [] } = await gateway.send(new GetApisCommand({}));
    expect(api).to.include({ ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.message" });
    const of = { ApiId: api?.ApiId };
    const { Items: made = [] } = await gateway.send(new GetRoutesCommand(of));
    const { Items: integrations = [] } = await gateway.send(new GetIntegrationsCommand(of));
    expect(made.map(({ RouteKey }) => RouteKey)).to.have.members(deployed.map(({ key }) => key));
    for (const { key, entry } of deployed) {
      const { Target } = made.find(({ RouteKey }) => RouteKey === key) ?? {};
      const integration = integrations.find(({ IntegrationId }) => Target === `integrations/${IntegrationId}`);
      expect(integration?.IntegrationUri, key).to.include(`:function:${STACK}-${entry}/invocations`);
    }
  });

  it("has made a stage that is throttled to 100 requests a second and 50 at once", async () => {
    const gateway = new ApiGatewayV2Client(client);
    const { Items: [api] = [] } = await gateway.send(new GetApisCommand({}));
    const { Items: stages = [] } = await gateway.send(new GetStagesCommand({ ApiId: api?.ApiId }));
    expect(stages).to.have.length(1);
    expect(stages[0]?.DefaultRouteSettings).to.include({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 });
    expect(stages[0]).to.include({ StageName: environment.stageName, AutoDeploy: true });
  });

  it("lets API Gateway invoke each function for its route alone", async () => {
    const lambda = new LambdaClient(client);
    for (const { key, entry } of deployed) {
      const { Policy = "{}" } = await lambda.send(new GetPolicyCommand({ FunctionName: `${STACK}-${entry}` }));
      const [statement, ...more] = JSON.parse(Policy).Statement;
      expect(more).to.deep.equal([]);
      expect(statement.Principal.Service).to.equal("apigateway.amazonaws.com");
      expect(JSON.stringify(statement.Condition)).to.match(
        new RegExp(`:execute-api:[^"]*/\\*/${key.replace("$", "\\$")}"`),
      );
    }
  });

  it("has uploaded the code that was synthesized", async () => {
    const lambda = new LambdaClient(client);
    const { resource } = JSON.parse(readFileSync(join(project, "cdktf.out/stacks", STACK, "cdk.tf.json"), "utf8"));
    for (const { entry } of deployed) {
      const { CodeSha256, Runtime } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: `${STACK}-${entry}` }),
      );
      expect(CodeSha256).to.equal(resource.aws_lambda_function[entry].source_code_hash);
      expect(Runtime).to.equal("nodejs22.x");
    }
  });

  it("has made a table whose items end at their ttl", async () => {
    const dynamodb = new DynamoDBClient(client);
    const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName: TABLE }));
    expect(TimeToLiveDescription).to.deep.equal({ AttributeName: "ttl", TimeToLiveStatus: "ENABLED" });
  });

  it("leaves nothing behind when it is destroyed", async () => {
    await succeeds(cdktf("destroy", "--auto-approve"));
    const { Items: apis = [] } = await new ApiGatewayV2Client(client).send(new GetApisCommand({}));
    const { Functions = [] } = await new LambdaClient(client).send(new ListFunctionsCommand({}));
    const { TableNames = [] } = await new DynamoDBClient(client).send(new ListTablesCommand({}));
    const { Roles = [] } = await new IAMClient(client).send(new ListRolesCommand({}));
    const { logGroups = [] } = await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}));
    const names = [
      ...apis.map(({ Name }) => Name),
      ...Functions.map(({ FunctionName }) => FunctionName),
      ...TableNames,
      ...Roles.map(({ RoleName }) => RoleName),
      ...logGroups.map(({ logGroupName }) => logGroupName),
    ];
    expect(names.filter((name) => name?.includes(STACK))).to.deep.equal([]);
    expect(JSON.parse(readFileSync(join(project, `terraform.${STACK}.tfstate`), "utf8")).resources).to.deep.equal([]);
  });
});
