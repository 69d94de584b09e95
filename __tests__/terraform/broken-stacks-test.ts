import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { lambda, policy, type Resources, reference, role, stackFolder, writeStack } from "../support/broken-stack.ts";
import { type MotoProxy, startMotoProxy } from "../support/moto/proxy.ts";
import { type Outcome, terraformIn } from "../support/terraform-project.ts";

const TABLE = "arn:aws:dynamodb:eu-west-2:123456789012:table/chat";
const API = reference("aws_apigatewayv2_api.api.id");

interface Broken {
  readonly title: string;
  readonly resources: Resources;
  readonly sentence: RegExp;
}

const inlinePolicy = (name: string, statement: object): Resources => ({
  aws_iam_role_policy: {
    [name]: { name, role: reference("aws_iam_role.plain.name"), policy: policy({ ...statement }) },
  },
});

const func = (name: string, own: object, functionName = name): Resources => ({
  aws_lambda_function: { [name]: lambda(functionName, "plain", { ...own }) },
});

const dashboard = (name: string, properties: object): Resources => ({
  aws_cloudwatch_dashboard: {
    [name]: {
      dashboard_name: name,
      dashboard_body: JSON.stringify({ widgets: [{ type: "metric", width: 6, height: 6, properties }] }),
    },
  },
});

/** Valid resources that the broken ones refer to. */
const SOUND: Resources = {
  aws_iam_role: { plain: role("plain"), scheduler: role("scheduler", {}, "scheduler.amazonaws.com") },
  aws_lambda_function: { sound: lambda("sound", "plain") },
  aws_sqs_queue: { failed: { name: "failed" } },
  aws_apigatewayv2_api: {
    api: { name: "api", protocol_type: "WEBSOCKET", route_selection_expression: "$request.body.message" },
  },
  aws_cloudwatch_log_group: { access: { name: "access" } },
};

const BROKEN: readonly Broken[] = [
  {
    title: "a statement id with a hyphen",
    resources: inlinePolicy("hyphen", { Sid: "Invoke-fan-out", Action: "dynamodb:Query", Resource: TABLE }),
    sentence:
      /PutRolePolicy: PolicyDocument .*"Invoke-fan-out".*\[0-9A-Za-z\]\*.*reference_policies_elements_sid.*Terraform: aws_iam_role_policy\.hyphen\./,
  },
  {
    title: "an unknown action",
    resources: inlinePolicy("action", { Action: "dynamodb:GetItems", Resource: TABLE }),
    sentence: /PutRolePolicy: PolicyDocument .*dynamodb:GetItems.*Terraform: aws_iam_role_policy\.action\./,
  },
  {
    title: "a condition key that does not apply to the action",
    resources: inlinePolicy("condition", {
      Action: "dynamodb:Query",
      Resource: TABLE,
      Condition: { StringEquals: { "secretsmanager:Name": "x" } },
    }),
    sentence: /PutRolePolicy: PolicyDocument .*secretsmanager:Name.*Terraform: aws_iam_role_policy\.condition\./,
  },
  {
    title: "a function name of 65 characters",
    resources: func("long", {}, "f".repeat(65)),
    sentence: /CreateFunction: FunctionName .*AWS accepts at most 64.*Terraform: aws_lambda_function\.long\./,
  },
  {
    title: "a reserved variable",
    resources: func("reserved", { environment: { variables: { AWS_REGION: "eu-west-2" } } }),
    sentence:
      /CreateFunction: Environment\.Variables .*reserved keys.*AWS_REGION.*configuration-envvars.*Terraform: aws_lambda_function\.reserved\./,
  },
  {
    title: "more than 4 KB of variables",
    resources: func("variables", { environment: { variables: { ORIGINS: "x".repeat(4096) } } }),
    sentence: /have 4110 bytes as JSON; AWS accepts at most 4096.*Terraform: aws_lambda_function\.variables\./,
  },
  {
    title: "tracing without the right to write traces",
    resources: func("traced", { tracing_config: { mode: "Active" } }),
    sentence:
      /The provided execution role does not have permissions to call PutTraceSegments on XRAY.*Terraform: aws_lambda_function\.traced\./,
  },
  {
    title: "a failure destination without the right to send",
    resources: {
      aws_lambda_function_event_invoke_config: {
        events: {
          function_name: reference("aws_lambda_function.sound.function_name"),
          destination_config: { on_failure: { destination: reference("aws_sqs_queue.failed.arn") } },
        },
      },
    },
    sentence:
      /execution role does not have permissions to call SendMessage on arn:aws:sqs:\S+:failed.*Terraform: aws_lambda_function_event_invoke_config\.events\./,
  },
  {
    title: "tag keys that differ by case",
    resources: { aws_iam_role: { tagged: role("tagged", { tags: { Project: "chat", project: "chat" } }) } },
    sentence: /CreateRole: Tags .*differ only by case.*Terraform: aws_iam_role\.tagged\./,
  },
  {
    title: "an invalid schedule expression",
    resources: {
      aws_scheduler_schedule: {
        daily: {
          name: "daily",
          schedule_expression: "rate(1 days)",
          flexible_time_window: { mode: "OFF" },
          target: {
            arn: reference("aws_lambda_function.sound.arn"),
            role_arn: reference("aws_iam_role.scheduler.arn"),
          },
        },
      },
    },
    sentence:
      /CreateSchedule: ScheduleExpression is "rate\(1 days\)".*schedule-types.*Terraform: aws_scheduler_schedule\.daily\./,
  },
  {
    title: "a dashboard without a region",
    resources: dashboard("regionless", { metrics: [["AWS/Lambda", "Errors"]] }),
    sentence:
      /PutDashboard: DashboardBody\.widgets\[0\] lacks properties\.region.*Terraform: aws_cloudwatch_dashboard\.regionless\./,
  },
  {
    title: "a dashboard with an incomplete metric",
    resources: dashboard("incomplete", { region: "eu-west-2", metrics: [["AWS/Lambda", "Errors", "FunctionName"]] }),
    sentence:
      /PutDashboard: DashboardBody\S+ is .*AWS accepts a namespace, a name and pairs.*Terraform: aws_cloudwatch_dashboard\.incomplete\./,
  },
  {
    title: "metric math that refers to a metric the alarm does not have",
    resources: {
      aws_cloudwatch_metric_alarm: {
        math: {
          alarm_name: "math",
          comparison_operator: "GreaterThanThreshold",
          evaluation_periods: 1,
          threshold: 0,
          metric_query: [{ id: "all", expression: "FILL(m1, 0)", return_data: true }],
        },
      },
    },
    sentence:
      /PutMetricAlarm: Metrics\[0\]\.Expression .*"m1" is neither a function.*Terraform: aws_cloudwatch_metric_alarm\.math\./,
  },
  {
    title: "a queue policy with an unknown action",
    resources: {
      aws_sqs_queue: {
        open: {
          name: "open",
          policy: policy({ Principal: { AWS: "123456789012" }, Action: "sqs:SendMail", Resource: "*" }),
        },
      },
    },
    sentence: /Attributes\.Policy .*sqs:SendMail.*Terraform: aws_sqs_queue\.open\./,
  },
  {
    title: "a route key that begins with $",
    resources: { aws_apigatewayv2_route: { route: { api_id: API, route_key: "$other" } } },
    sentence: /CreateRoute: RouteKey is "\$other".*Terraform: aws_apigatewayv2_route\.route\./,
  },
  {
    title: "an access log in an account without a role for it",
    resources: {
      aws_apigatewayv2_stage: {
        stage: {
          api_id: API,
          name: "dev",
          access_log_settings: {
            destination_arn: reference("aws_cloudwatch_log_group.access.arn"),
            format: "$context.requestId",
          },
        },
      },
    },
    sentence:
      /CreateStage: CloudWatch Logs role ARN must be set in account settings.*Terraform: aws_apigatewayv2_stage\.stage\./,
  },
  {
    title: "a secret whose key does not exist",
    resources: {
      aws_secretsmanager_secret: {
        secret: {
          name: "chat/github",
          kms_key_id: "arn:aws:kms:eu-west-2:666666666666:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        },
      },
    },
    sentence: /CreateSecret: .*can't encrypt the protected secret text.*Terraform: aws_secretsmanager_secret\.secret\./,
  },
];

/** Resources of several stacks as one. */
function merged(all: readonly Resources[]): Resources {
  const types = new Set(all.flatMap((resources) => Object.keys(resources)));
  return Object.fromEntries([...types].map((type) => [type, Object.assign({}, ...all.map((one) => one[type]))]));
}

describe("a stack that AWS would reject", () => {
  let proxy: MotoProxy;
  let applied: Outcome;

  before(async () => {
    const folder = stackFolder();
    const options = { folder: () => folder, expectsViolations: true };
    proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, "666666666666", options);
    const terraform = terraformIn(folder, proxy);
    writeStack(folder, merged([SOUND, ...BROKEN.map(({ resources }) => resources)]));
    const init = await terraform("init", "-input=false", "-no-color");
    expect(init.code, init.output).to.equal(0);
    applied = await terraform("apply", "-auto-approve", "-input=false", "-no-color");
  });
  after(() => proxy.stop());

  it("is not applied", () => {
    expect(applied.code).to.equal(1);
  });

  for (const { title, sentence } of BROKEN) {
    it(`is rejected with the rule and the address: ${title}`, () => {
      expect(applied.output).to.match(sentence);
      expect([...proxy.violations].some((violation) => sentence.test(violation))).to.equal(true);
    });
  }

  it("has no other violation", () => {
    const others = [...proxy.violations].filter((each) => !BROKEN.some(({ sentence }) => sentence.test(each)));
    expect(others).to.deep.equal([]);
  });
});

describe("a change that AWS would reject", () => {
  let proxy: MotoProxy;
  let folder: string;
  let terraform: (...args: string[]) => Promise<Outcome>;

  before(async () => {
    folder = stackFolder();
    const options = { folder: () => folder, expectsViolations: true };
    proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, "777777777777", options);
    terraform = terraformIn(folder, proxy);
  });
  after(() => proxy.stop());

  const apply = (resources: Resources): Promise<Outcome> => {
    writeStack(folder, resources);
    return terraform("apply", "-auto-approve", "-input=false", "-no-color");
  };

  const { aws_apigatewayv2_api, aws_iam_role, aws_lambda_function } = SOUND;
  const base = { aws_apigatewayv2_api, aws_iam_role, aws_lambda_function } as Resources;
  const guarded: Resources = {
    ...base,
    aws_apigatewayv2_authorizer: {
      tokens: {
        api_id: API,
        name: "tokens",
        authorizer_type: "REQUEST",
        authorizer_uri: reference("aws_lambda_function.sound.invoke_arn"),
        identity_sources: ["route.request.header.Authorization"],
      },
    },
    aws_apigatewayv2_route: {
      connect: {
        api_id: API,
        route_key: "$connect",
        authorization_type: "CUSTOM",
        authorizer_id: reference("aws_apigatewayv2_authorizer.tokens.id"),
      },
    },
    aws_apigatewayv2_stage: {
      stage: {
        api_id: API,
        name: "dev",
        auto_deploy: true,
        tags: { team: "chat", old: "1" },
        default_route_settings: { throttling_rate_limit: 100, throttling_burst_limit: 50 },
      },
    },
    aws_kms_key: { key: { description: "chat" } },
    aws_secretsmanager_secret: {
      secret: { name: "chat/rotated", kms_key_id: reference("aws_kms_key.key.arn") },
    },
  };

  it("follows a deployment that AWS accepts", async () => {
    writeStack(folder, guarded);
    expect((await terraform("init", "-input=false")).code).to.equal(0);
    const { code, output } = await apply(guarded);
    expect(code, output).to.equal(0);
    expect([...proxy.violations]).to.deep.equal([]);
  });

  it("does not include a change of the throttle and tags of a stage", async () => {
    const stage = {
      ...guarded.aws_apigatewayv2_stage?.stage,
      tags: { team: "chat", new: "2" },
      default_route_settings: { throttling_rate_limit: 200, throttling_burst_limit: 80 },
    };
    const changed = await apply({ ...guarded, aws_apigatewayv2_stage: { stage } });
    expect(changed.output).to.include("0 added, 1 changed, 0 destroyed");
    const plan = await terraform("plan", "-detailed-exitcode", "-input=false", "-no-color");
    expect(plan.code, plan.output).to.equal(0);
  });

  it("includes the deletion of an authorizer with a route, and of a key with a secret", async () => {
    const client = new SecretsManagerClient({ endpoint: proxy.url, region: "eu-west-2" });
    await client.send(new PutSecretValueCommand({ SecretId: "chat/rotated", SecretString: "a value" }));
    const { aws_apigatewayv2_authorizer: _, aws_kms_key: __, ...rest } = guarded;
    const { code, output } = await apply({
      ...rest,
      aws_apigatewayv2_route: { connect: { api_id: API, route_key: "$connect", authorization_type: "NONE" } },
      aws_secretsmanager_secret: { secret: { name: "chat/rotated", kms_key_id: "alias/aws/secretsmanager" } },
    });
    expect(code).to.equal(1);
    expect(output).to.match(
      /ConflictException: .*Cannot delete authorizer 'tokens', is referenced in route: \$connect/,
    );
    expect(output).to.match(/DecryptionFailure: .*can't decrypt the protected secret text/);
  });
});
