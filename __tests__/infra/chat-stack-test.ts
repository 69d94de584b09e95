import { readFileSync, writeFileSync } from "node:fs";
import { Testing } from "cdktf";
import { expect } from "chai";
import { configOf, SETTINGS } from "../../aws/config.ts";
import type { Grant } from "../../handlers/grants.ts";
import { routes } from "../../handlers/routes.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { aChatStack, deployed, deployedWorkers, EVERYTHING, ISSUER, MODERATED, STACK } from "../support/synthesized.ts";

type Attributes = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

interface Statement {
  readonly Sid: string;
  readonly Action: string[];
  readonly Resource: string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string[]>>>>;
}

/** The statements of both policies of a function's role. */
const statementsOf = ({ aws_iam_role_policy: policies }: Resources, entry: string): Statement[] =>
  [entry, `${entry}-invoke`].flatMap(
    (id) => JSON.parse(String(policies?.[id]?.policy ?? '{"Statement":[]}')).Statement,
  );

const WRITE_LOGS = "logs:CreateLogStream logs:PutLogEvents";
const GOLDEN_TREE = new URL("./chat-stack.tree.txt", import.meta.url);

describe("infra/chat-stack", () => {
  let resources: Resources;
  let synthesized: { resource: Resources; output: object };
  before(() => {
    synthesized = JSON.parse(Testing.synth(aChatStack(), true));
    resources = synthesized.resource;
  });
  const all = (type: string) => Object.values(resources[type] ?? {});
  const only = (type: string) => {
    expect(all(type)).to.have.length(1);
    return all(type)[0] as Attributes;
  };

  it("has the constructs of the golden tree (UPDATE_GOLDEN=1 writes it)", () => {
    const tree = Testing.renderConstructTree(aChatStack()).replace(STACK, "chat");
    if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN_TREE, tree);
    expect(tree).to.equal(readFileSync(GOLDEN_TREE, "utf8"));
  });

  it("has one WebSocket API that selects routes by the frame's message", () => {
    expect(only("aws_apigatewayv2_api")).to.include({
      protocol_type: "WEBSOCKET",
      route_selection_expression: "$request.body.message",
    });
  });

  it("has for each row of the route table a route, an integration and a permission", () => {
    const keys = all("aws_apigatewayv2_route").map(({ route_key }) => route_key);
    expect(keys).to.have.members(deployed.map(({ key }) => key));
    for (const type of ["apigatewayv2_integration", "apigatewayv2_route", "lambda_permission"]) {
      expect(all(`aws_${type}`), type).to.have.length(deployed.length);
    }
  });

  it("has for each row, of a route or a worker, a function, a role and a log group", () => {
    for (const type of ["lambda_function", "iam_role", "cloudwatch_log_group"]) {
      expect(all(`aws_${type}`), type).to.have.length(deployed.length + deployedWorkers.length);
    }
  });

  it("gives each worker two retries, a queue of failed events, and an alarm for that queue", () => {
    for (const { entry } of deployedWorkers) {
      expect(resources.aws_lambda_function_event_invoke_config?.[entry]).to.deep.include({
        function_name: `\${aws_lambda_function.${entry}.function_name}`,
        maximum_retry_attempts: 2,
        destination_config: { on_failure: { destination: `\${aws_sqs_queue.${entry}-failed.arn}` } },
      });
      expect(resources.aws_sqs_queue?.[`${entry}-failed`]).to.include({ sqs_managed_sse_enabled: true });
      expect(resources.aws_cloudwatch_metric_alarm?.[`${entry}-failed`]).to.deep.include({
        dimensions: { QueueName: `\${aws_sqs_queue.${entry}-failed.name}` },
        threshold: 0,
      });
    }
  });

  it("creates both parts of a route response only for rows that have one", () => {
    const withResponse = deployed.filter(({ routeResponse }) => routeResponse).map(({ key }) => key);
    const expecting = all("aws_apigatewayv2_route").filter((route) => route.route_response_selection_expression);
    expect(expecting.map(({ route_key }) => route_key)).to.have.members(withResponse);
    expect(all("aws_apigatewayv2_route_response")).to.have.length(withResponse.length);
  });

  it("has a stage with automatic deployment and a throttle of 100 requests a second and a burst of 50", () => {
    expect(only("aws_apigatewayv2_stage")).to.deep.include({
      auto_deploy: true,
      default_route_settings: { throttling_rate_limit: 100, throttling_burst_limit: 50 },
    });
  });

  it("has one table: composite key, TTL, on demand, encrypted, recoverable to any moment", () => {
    expect(only("aws_dynamodb_table")).to.deep.include({
      hash_key: "pk",
      range_key: "sk",
      billing_mode: "PAY_PER_REQUEST",
      ttl: { attribute_name: "ttl", enabled: true },
      server_side_encryption: { enabled: true },
      point_in_time_recovery: { enabled: true },
    });
  });

  it("runs functions on arm64 and Node 22, with JSON logs in an existing log group", () => {
    for (const lambda of all("aws_lambda_function")) {
      expect(lambda).to.deep.include({ architectures: ["arm64"], runtime: "nodejs22.x", handler: "index.handler" });
      expect(lambda).to.have.nested.property("logging_config.log_format", "JSON");
      const group = expect(lambda).to.have.nested.property("logging_config.log_group");
      group.that.matches(/^\$\{aws_cloudwatch_log_group\.[\w-]+\.name\}$/);
    }
    for (const group of all("aws_cloudwatch_log_group")) expect(group.retention_in_days).to.equal(14);
  });

  it("permits API Gateway to invoke each function only for its own route", () => {
    for (const { key, entry } of deployed) {
      expect(resources.aws_lambda_permission?.[entry]).to.include({
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        source_arn: `\${aws_apigatewayv2_api.api.execution_arn}/*/${key}`,
        function_name: `\${aws_lambda_function.${entry}.function_name}`,
      });
    }
  });

  it("gives each role the grants of its row and access to its log, and nothing else", () => {
    const permissions: Record<Grant, string | undefined> = {
      "write connections": "PutItem CONN#*",
      "read connections": "GetItem CONN#*",
      "update connections": "UpdateItem CONN#*",
      "remove connections": "DeleteItem CONN#*",
      "read members": "Query CHANNEL#*",
      "write members": "PutItem CHANNEL#*",
      "update members": "UpdateItem CHANNEL#*",
      "remove members": "DeleteItem CHANNEL#*",
      "read channels": "GetItem CHANNEL#*",
      "write channels": "UpdateItem CHANNEL#*",
      "grow channels": "GetItem UpdateItem CHANNEL#*",
      "repair lobby": "UpdateItem CHANNEL#lobby#0",
      "list channels": "Query CHANNELS",
      "write directory": "PutItem CHANNELS",
      "read messages": "Query LOG#*",
      "write messages": "PutItem LOG#*",
      "write published messages": undefined,
      "read direct messages": undefined,
      "write direct messages": undefined,
      "claim direct messages": undefined,
      "read known users": undefined,
      "write conversations": undefined,
      "read known addressees": undefined,
      "write addressed messages": undefined,
      "write addressed conversations": undefined,
      "list conversations": undefined,
      "write ops messages": "PutItem LOG#ops",
      "delete messages": undefined,
      "edit messages": undefined,
      "read edited messages": undefined,
      "read reacted messages": "GetItem LOG#*",
      "read reacted direct messages": undefined,
      "read edited direct messages": undefined,
      "change direct messages": undefined,
      "write changed conversations": undefined,
      "read correspondents": undefined,
      "read reactions": undefined,
      "write reactions": "GetItem UpdateItem REACTIONS#*",
      "remove reactions": undefined,
      "record reactions": "GetItem PutItem UpdateItem DeleteItem REACTED#*",
      "list reactions": undefined,
      "use invitations": undefined,
      "write invitations": undefined,
      "read mutes": undefined,
      "write mutes": undefined,
      "read bans": undefined,
      "write bans": undefined,
      "remove bans": undefined,
      "count messages": undefined,
      "count direct messages": undefined,
      "read receipts": undefined,
      "read markers": undefined,
      "read conversation markers": undefined,
      "write markers": undefined,
      "claim published": undefined,
      "read addressed users": undefined,
      "claim repeats": "PutItem GetItem REPEAT#*",
      "read names": "GetItem USER#*",
      "claim names": "PutItem GetItem USER#*",
      "release names": "DeleteItem USER#*",
      "read users": undefined,
      "write users": undefined,
      "write known users": undefined,
      "read mentioned users": undefined,
      push: "ManageConnections",
      "probe counted": undefined,
      "probe stalled": "ManageConnections",
      "close expired": undefined,
      "close kicked": undefined,
      "close flooding": undefined,
      "close stalled": "ManageConnections",
      "count frames": undefined,
      "count users": undefined,
      "read handshakes": undefined,
      "write handshakes": undefined,
      "change lasting channels": undefined,
      "end lost memberships": undefined,
      "renew channels": undefined,
      "renew directory": undefined,
      "renew invitations": undefined,
      "find own connections": undefined,
      "count addresses": undefined,
      "release addresses": undefined,
      "invoke fan-out": "InvokeFunction",
      "invoke review": undefined,
      "queue events": undefined,
      "put events": undefined,
    };
    const ownOf = (entry: string) =>
      deployedWorkers.some((worker) => worker.entry === entry) ? ["SendMessage", WRITE_LOGS] : [WRITE_LOGS];
    for (const { entry, grants } of [...deployed, ...deployedWorkers]) {
      const granted = statementsOf(resources, entry).map(({ Action, Condition }) =>
        [
          ...Action.map((action) => action.replace(/^(dynamodb|execute-api|lambda|sqs):/, "")),
          ...(Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? []),
        ].join(" "),
      );
      expect(granted, entry).to.have.members([...grants.flatMap((grant) => permissions[grant] ?? []), ...ownOf(entry)]);
    }
  });

  it("names the resource of every statement, never all resources", () => {
    for (const { entry } of deployed) {
      for (const { Resource } of statementsOf(resources, entry)) {
        for (const arn of Resource) expect(arn).to.match(/^\$\{aws_\w+\.[\w-]+\.(execution_)?arn\}/);
      }
    }
    expect(JSON.stringify(resources)).not.to.match(/\\"\*\\"/);
  });

  it("gives batches one statement for all their keys, in environments with lasting membership", () => {
    const grantsOf = (entry: string, own: Partial<Environment> = {}) => {
      const environment = { authentication: ISSUER, events: true, lastingMembership: true, ...own };
      const { resource } = JSON.parse(Testing.synth(aChatStack({ environment }), true));
      return statementsOf(resource, entry).map(({ Sid, Action, Condition }) => [
        ...[Sid, ...Action],
        ...(Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? []),
      ]);
    };
    const granted = grantsOf("connect", { moderators: ["staff"], connectionsPerAddressMax: 10 });
    expect(granted).to.deep.include.members([
      ["ReadHandshakes", "dynamodb:BatchGetItem", "LASTING#*", "BANNED#*", "CHANNEL#*", "INVITED#*"],
      ["WriteHandshakes", "dynamodb:BatchWriteItem", "CONN#*", "USER#*", "ADDRESS#*", "CHANNEL#*"],
      ["ChangeLastingChannels", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "LASTING#*"],
    ]);
    const ids = granted.map(([id]) => id);
    expect(ids).not.to.include.oneOf(["WriteConnections", "WriteUsers", "ReadBans"]);
    expect(grantsOf("connect"), "without bans and limits").to.deep.include.members([
      ["ReadHandshakes", "dynamodb:BatchGetItem", "LASTING#*", "CHANNEL#*", "INVITED#*"],
      ["WriteHandshakes", "dynamodb:BatchWriteItem", "CONN#*", "USER#*", "CHANNEL#*"],
    ]);
    expect(grantsOf("events"), "without stored direct messages").to.deep.include.members([
      ["ReadMentionedUsers", "dynamodb:BatchGetItem", "LASTING#*"],
    ]);
  });

  it("lets only the function `events` write to the event bus, and the functions that queue events invoke it", () => {
    const { resource } = JSON.parse(Testing.synth(aChatStack({ environment: { events: true } }), true));
    const bus = "$" + "{aws_cloudwatch_event_bus.events.arn}";
    const [put] = statementsOf(resource, "events").filter(({ Action }) => Action.includes("events:PutEvents"));
    expect([put?.Action, put?.Resource]).to.deep.equal([["events:PutEvents"], [bus]]);
    for (const { entry, grants } of deployed) {
      const statements = statementsOf(resource, entry);
      const queuing = statements.filter(({ Resource }) => Resource.includes("$" + "{aws_lambda_function.events.arn}"));
      expect(queuing, entry).to.have.length(grants.includes("queue events") ? 1 : 0);
      expect(JSON.stringify(statements), entry).not.to.include("events:PutEvents");
    }
  });

  it("lets the function `events` read the items of users, and no others, where users are authenticated", () => {
    const rightsWith = (authentication: typeof ISSUER | { readonly kind: "none" }) => {
      const { resource } = JSON.parse(
        Testing.synth(aChatStack({ environment: { events: true, authentication } }), true),
      );
      return statementsOf(resource, "events")
        .filter(({ Action }) => Action.some((action) => action.startsWith("dynamodb:")))
        .map(({ Action, Condition }) => [
          ...Action,
          ...(Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? []),
        ]);
    };
    expect(rightsWith({ kind: "none" })).to.deep.equal([]);
    expect(rightsWith(ISSUER)).to.deep.equal([["dynamodb:Query", "USER#*"]]);
  });

  it("lets only `sendmessage` invoke the review function", () => {
    const review = { functionArn: "arn:aws:lambda:eu-west-2:1:function:review", timeoutMilliseconds: 100 } as const;
    const props = { environment: { review: { ...review, onFailure: "deny" } } } as const;
    const { resource } = JSON.parse(Testing.synth(aChatStack(props), true));
    const invoking = deployed.filter(({ entry }) =>
      statementsOf(resource, entry).some(({ Resource }) => Resource.includes(review.functionArn)),
    );
    expect(invoking.map(({ entry }) => entry)).to.deep.equal(["send-message"]);
  });

  it("gives each function one variable for each setting that its row declares, and no others", () => {
    for (const { entry, settings } of [...deployed, ...deployedWorkers]) {
      const variables = new Set(settings.flat().map((name) => SETTINGS[name].variable));
      expect(resources.aws_lambda_function?.[entry], entry)
        .to.have.nested.property("environment.variables")
        .that.has.all.keys(...variables);
    }
  });

  it("gives functions variables that they can parse, in environments with and without each setting", () => {
    for (const own of [{}, { ...EVERYTHING, ...MODERATED, authentication: ISSUER }]) {
      const { resource } = JSON.parse(Testing.synth(aChatStack({ environment: own }), true));
      for (const { entry, settings } of [...deployed, ...deployedWorkers]) {
        const { variables } = resource.aws_lambda_function[entry].environment;
        const resolved = { ...variables, [SETTINGS.managementEndpoint.variable]: "https://a.org/dev" };
        expect(() => configOf(settings, resolved), entry).not.to.throw();
      }
    }
  });

  it("refuses a row whose setting has no value", () => {
    const [first] = routes;
    const unset = [{ ...first, settings: [["tokenRules"]] }] as typeof routes;
    expect(() => aChatStack({ routes: unset })).to.throw("The settings tokenRules have no value.");
  });

  it("outputs the WebSocket URL, the management endpoint and the table's name", () => {
    expect(Object.keys(synthesized.output)).to.have.members(["websocket_url", "management_endpoint", "table_name"]);
  });

  it("allows versions of the AWS provider from 5.100 to below 7", () => {
    const version = "terraform.required_providers.aws.version";
    expect(synthesized).to.have.nested.property(version, ">= 5.100.0, < 7.0.0");
  });

  it("requires a version of the AWS provider that accepts the runtime of the functions", () => {
    const stack = JSON.parse(Testing.synth(aChatStack({ environment: { functionRuntime: "nodejs24.x" } }), true));
    expect(stack.terraform.required_providers.aws.version).to.equal(">= 6.21.0, < 7.0.0");
    for (const lambda of Object.values(stack.resource.aws_lambda_function)) {
      expect(lambda).to.include({ runtime: "nodejs24.x" });
    }
  });

  it("keeps its state in the project folder, with a relative path", () => {
    const path = `../../../terraform.${STACK}.tfstate`;
    expect(synthesized).to.have.nested.property("terraform.backend.local.path", path);
  });

  it("keeps its state in the bucket, encrypted and with a lock, with the setting remoteState", () => {
    const stateBucket = { name: "chat-state-123456789012", region: "eu-west-1" };
    const stack = aChatStack({ environment: { remoteState: true }, stateBucket });
    expect(JSON.parse(Testing.synth(stack)).terraform.backend).to.deep.equal({
      s3: { bucket: stateBucket.name, region: "eu-west-1", key: `${STACK}.tfstate`, encrypt: true, use_lockfile: true },
    });
  });

  it("refuses two rows with the same file, because they share a Terraform id", () => {
    const [first] = routes;
    const twice = [...routes, { ...first, key: "again" }] as typeof routes;
    expect(() => aChatStack({ routes: twice })).to.throw("connect");
  });

  it("refuses a row whose file has no bundle", () => {
    const [first] = routes;
    const unknown = [{ ...first, entry: "nowhere" }] as typeof routes;
    expect(() => aChatStack({ routes: unknown })).to.throw("No bundle was made for handlers/nowhere.ts.");
  });

  it("refuses names that are too long for AWS, with the longest of them in the error", () => {
    expect(() => aChatStack({ environment: { name: "a".repeat(60) } })).to.throw(
      `AWS allows 64. Make the project, the environment or "conversations" shorter by ${STACK.length - "dev".length + 60 + "-conversations".length - 64}.`,
    );
  });

  it("lets Terraform delete the table without deletionProtection", () => {
    expect(only("aws_dynamodb_table")).not.to.have.any.keys("deletion_protection_enabled", "lifecycle");
  });

  it("protects the table from deletion in Terraform and in AWS", () => {
    const stack = aChatStack({ environment: { deletionProtection: true } });
    expect(JSON.parse(Testing.synth(stack)).resource.aws_dynamodb_table.table).to.deep.include({
      deletion_protection_enabled: true,
      lifecycle: { prevent_destroy: true },
    });
  });
});
