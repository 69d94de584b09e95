import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ApiGatewayV2Client,
  GetApiMappingsCommand,
  GetApisCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStagesCommand,
} from "@aws-sdk/client-apigatewayv2";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTimeToLiveCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import {
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { accessLogGroupName } from "../../infra/names.ts";
import { createHostedZone, setLogsRole } from "../support/moto/account-setup.ts";
import { type MotoProxy, startMotoProxy } from "../support/moto/proxy.ts";
import { projectCopy } from "../support/project-copy.ts";
import { deployed, EVERYTHING, environment, STACK, TABLE } from "../support/synthesized.ts";
import { spawnCommand, stopped } from "../support/terminal.ts";
import { changesNothing, succeeds, type TerraformProject, terraformProject } from "../support/terraform-project.ts";

describe("the Terraform of the chat", () => {
  let proxy: MotoProxy;
  let project: TerraformProject;
  let client: { endpoint: string; region: string };

  before(async () => {
    proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, "111111111111", {
      folder: () => project?.folder,
    });
    project = terraformProject(projectCopy({ environment: EVERYTHING }), proxy);
    await setLogsRole(proxy.url, "111111111111");
    await createHostedZone(proxy.url, EVERYTHING.domain.hostedZone);
    client = { endpoint: proxy.url, region: environment.region };
  });
  after(() => proxy.stop());

  it("is valid", async () => {
    await succeeds(project.synthesize());
    await succeeds(project.terraform(STACK, "init", "-input=false"));
    await succeeds(project.terraform(STACK, "validate"));
  });

  it("is applied by cdktf deploy, which prints the URLs and the table's name", async () => {
    const output = await succeeds(project.cdktf(STACK, "deploy", "--auto-approve"));
    const address = `://\\w+\\.execute-api\\.${environment.region}\\.amazonaws\\.com/${environment.stageName}\\s`;
    expect(output).to.include(`websocket_url = wss://${EVERYTHING.domain.name}`);
    expect(output).to.match(new RegExp(`management_endpoint = https${address}`));
    expect(output).to.include(`table_name = ${TABLE}`);
  });

  it("has an empty plan afterwards", () => changesNothing(project, STACK));

  it("creates a WebSocket API with a route and an integration for each row", async () => {
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

  it("creates a stage with a throttle of 100 requests a second and a burst of 50", async () => {
    const gateway = new ApiGatewayV2Client(client);
    const { Items: [api] = [] } = await gateway.send(new GetApisCommand({}));
    const { Items: stages = [] } = await gateway.send(new GetStagesCommand({ ApiId: api?.ApiId }));
    expect(stages).to.have.length(1);
    expect(stages[0]?.DefaultRouteSettings).to.include({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 });
    expect(stages[0]).to.include({ StageName: environment.stageName, AutoDeploy: true });
  });

  it("lets API Gateway invoke each function only for its own route", async () => {
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

  it("uploads the synthesized code", async () => {
    const lambda = new LambdaClient(client);
    const { resource } = JSON.parse(readFileSync(join(project.stackFolder(STACK), "cdk.tf.json"), "utf8"));
    for (const { entry } of deployed) {
      const { CodeSha256, Runtime } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: `${STACK}-${entry}` }),
      );
      expect(CodeSha256).to.equal(resource.aws_lambda_function[entry].source_code_hash);
      expect(Runtime).to.equal("nodejs22.x");
    }
  });

  it("creates a table whose items expire at their ttl", async () => {
    const dynamodb = new DynamoDBClient(client);
    const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName: TABLE }));
    expect(TimeToLiveDescription).to.deep.equal({ AttributeName: "ttl", TimeToLiveStatus: "ENABLED" });
  });

  it("maps the domain to the stage", async () => {
    const gateway = new ApiGatewayV2Client(client);
    const { Items: [api] = [] } = await gateway.send(new GetApisCommand({}));
    const { Items = [] } = await gateway.send(new GetApiMappingsCommand({ DomainName: EVERYTHING.domain.name }));
    expect(Items.map(({ ApiId, Stage }) => [ApiId, Stage])).to.deep.equal([[api?.ApiId, environment.stageName]]);
  });

  it("does not destroy a protected table", async () => {
    const { code, output } = await project.terraform(STACK, "destroy", "-auto-approve", "-input=false", "-no-color");
    expect(code).to.equal(1);
    expect(output).to.include("Instance cannot be destroyed");
    await changesNothing(project, STACK);
  });

  it("disables the protection of the table", async () => {
    const settings = join(project.folder, "infra", "environments.ts");
    const off = readFileSync(settings, "utf8").replace('"deletionProtection":true', '"deletionProtection":false');
    writeFileSync(settings, off);
    await succeeds(project.synthesize());
    await succeeds(project.terraform(STACK, "apply", "-auto-approve", "-input=false", "-no-color"));
    await changesNothing(project, STACK);
  });

  it("writes logs that npm run logs shows", async () => {
    const logs = new CloudWatchLogsClient(client);
    const stream = { logGroupName: accessLogGroupName(environment), logStreamName: "one" };
    await logs.send(new CreateLogStreamCommand(stream));
    const event = { timestamp: Date.now(), message: '{"route":"$connect"}' };
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents: [event] }));
    const env = { ...process.env, AWS_ENDPOINT_URL: proxy.url };
    const child = spawnCommand({ cwd: project.folder, script: "scripts/logs.ts", env }, ["--since", "1m"]);
    expect(String(await once(child.stdout, "data"))).to.match(/ INFO {2}access-log \{"route":"\$connect"\}\n$/);
    expect(await stopped(child, "SIGINT")).to.equal(0);
  });

  it("leaves no resources after it is destroyed", async () => {
    await succeeds(project.cdktf(STACK, "destroy", "--auto-approve"));
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
    expect(
      JSON.parse(readFileSync(join(project.folder, `terraform.${STACK}.tfstate`), "utf8")).resources,
    ).to.deep.equal([]);
  });
});
