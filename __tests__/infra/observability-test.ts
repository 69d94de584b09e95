import { Testing } from "cdktf";
import { expect } from "chai";
import { METRICS } from "../../chat/metrics.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { aChatStack, deployed, deployedWorkers, ISSUER, STACK, WATCHED } from "../support/synthesized.ts";

type Attributes = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

const entries = [...deployed, ...deployedWorkers].map(({ entry }) => entry);

/** Types of resources that only exist with certain settings. */
const OPTIONAL_TYPES = [
  "aws_cloudwatch_dashboard",
  "aws_sns_topic",
  "aws_sns_topic_policy",
  "aws_sns_topic_subscription",
];

function resourcesOf(environment: Partial<Environment>): Resources {
  return JSON.parse(Testing.synth(aChatStack({ environment }), true)).resource;
}

describe("infra, observability", () => {
  let resources: Resources;
  before(() => {
    resources = resourcesOf(WATCHED);
  });
  const all = (type: string): Attributes[] => Object.values(resources[type] ?? {});
  const the = (type: string, id: string): Attributes => resources[type]?.[id] ?? {};

  it("adds only the alarm for failed events without the settings for monitoring", () => {
    const withoutMonitoring = resourcesOf({});
    expect(Object.keys(withoutMonitoring)).not.to.include.members(OPTIONAL_TYPES);
    expect(Object.keys(withoutMonitoring.aws_cloudwatch_metric_alarm ?? {})).to.deep.equal(["fan-out-failed"]);
    expect(withoutMonitoring.aws_cloudwatch_metric_alarm?.["fan-out-failed"]).not.to.have.any.keys("alarm_actions");
    expect(JSON.stringify(withoutMonitoring)).not.to.match(/access_log_settings|tracing_config|xray:/);
  });

  it("gives each alarm an action and a description, and treats missing data as OK", () => {
    const target = ["${aws_sns_topic.alarm-target.arn}"];
    for (const alarm of all("aws_cloudwatch_metric_alarm")) {
      expect(alarm).to.deep.include({ alarm_actions: target, ok_actions: target, treat_missing_data: "notBreaching" });
      expect(alarm.alarm_description).to.match(/\.$/);
    }
  });

  it("watches the authorizer's throttles, but not its errors, because each 401 is an error", () => {
    const { aws_cloudwatch_metric_alarm: alarms = {} } = resourcesOf({ ...WATCHED, authentication: ISSUER });
    expect(alarms).not.to.have.property("authorize-errors");
    expect(alarms["authorize-throttles"]).to.include({
      metric_name: "Throttles",
      statistic: "Sum",
      period: 300,
      threshold: 0,
    });
  });

  it("has an alarm for each function, fan-out time, the API, the table and failed events", () => {
    const names = [
      ...entries.map((entry) => `${entry}-errors`),
      "faults",
      "fan-out-time",
      "api-errors",
      "table-throttles",
    ];
    expect(Object.keys(resources.aws_cloudwatch_metric_alarm ?? {})).to.have.members([...names, "fan-out-failed"]);
  });

  it("adds the errors and throttles of a function", () => {
    const { metric_query } = the("aws_cloudwatch_metric_alarm", "connect-errors") as { metric_query: object[] };
    expect(metric_query[0]).to.include({ expression: "SUM(METRICS())", return_data: true });
    const dimensions = { FunctionName: "${aws_lambda_function.connect.function_name}" };
    expect(metric_query.slice(1)).to.deep.equal(
      ["Errors", "Throttles"].map((metric_name, index) => ({
        id: `m${index}`,
        metric: { namespace: "AWS/Lambda", metric_name, dimensions, period: 300, stat: "Sum" },
      })),
    );
  });

  it("reads the chat's own metrics in the namespace to which the functions write them", () => {
    expect(the("aws_cloudwatch_metric_alarm", "fan-out-time")).to.include({
      namespace: STACK,
      metric_name: "FanOutTime",
      extended_statistic: "p99",
      threshold: 5000,
    });
    for (const lambda of all("aws_lambda_function")) {
      expect(lambda).to.have.nested.property("environment.variables.METRICS_NAMESPACE", STACK);
    }
  });

  it("lets only alarms of this environment publish to the topic, which sends e-mails", () => {
    const [statement, ...more] = JSON.parse(String(the("aws_sns_topic_policy", "alarm-target").policy)).Statement;
    expect(more).to.deep.equal([]);
    expect(statement).to.deep.include({ Principal: { Service: "cloudwatch.amazonaws.com" }, Action: "sns:Publish" });
    expect(statement.Condition.ArnLike["aws:SourceArn"]).to.match(new RegExp(`:alarm:${STACK}-\\*$`));
    expect(the("aws_sns_topic_subscription", "alarm-target")).to.include({ endpoint: WATCHED.alarmEmail });
  });

  it("shows on the dashboard every metric of the chat, every function, the stage, the table and the queue", () => {
    const { dashboard_body } = the("aws_cloudwatch_dashboard", "dashboard");
    const { widgets } = JSON.parse(String(dashboard_body)) as { widgets: { properties: { metrics: unknown[][] } }[] };
    const shown = JSON.stringify(widgets.map(({ properties }) => properties.metrics));
    for (const metric of Object.keys(METRICS)) expect(shown).to.include(`["${STACK}","${metric}",`);
    for (const entry of entries) expect(shown).to.include(`\${aws_lambda_function.${entry}.function_name}`);
    for (const what of ["IntegrationError", "ConsumedReadCapacityUnits", "aws_sqs_queue.fan-out-failed"]) {
      expect(shown).to.include(what);
    }
  });

  it("writes an access log in JSON, without message text or addresses", () => {
    const stage = the("aws_apigatewayv2_stage", "stage") as { access_log_settings: Attributes };
    const format = JSON.parse(String(stage.access_log_settings.format));
    expect(format).to.include({
      requestId: "$context.requestId",
      connectionId: "$context.connectionId",
      route: "$context.routeKey",
      status: "$context.status",
      latencyMs: "$context.integrationLatency",
      error: "$context.error.message",
    });
    expect(JSON.stringify(format)).not.to.match(/sourceIp|userAgent|identity|body/i);
  });

  it("leaves API Gateway's log role to the bootstrap stack, which outlives the environment", () => {
    expect(Object.keys(resources)).not.to.include.members([
      "aws_api_gateway_account",
      "aws_iam_role_policy_attachment",
    ]);
  });

  it("traces every function, and lets it write traces", () => {
    for (const lambda of all("aws_lambda_function")) {
      expect(lambda).to.deep.include({ tracing_config: { mode: "Active" } });
    }
    const { aws_lambda_function: functions = {}, aws_iam_role_policy: policies = {} } = resources;
    for (const entry of Object.keys(functions)) {
      expect(policies[entry]?.policy).to.include("xray:PutTraceSegments");
    }
  });
});
