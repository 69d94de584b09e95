import { matchesGlob } from "@serverless-chat/emulator/iam/patterns";
import { isRecord, type Parameters, type Problem } from "../aws-models/call.ts";
import { policyLength } from "../aws-models/policies.ts";
import { type ControlPlane, type OrderRule, type OrderRules, textsOf } from "./control-plane.ts";

const ROLE_RULE = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html";
const TRACING_RULE = "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html";
const DESTINATION_RULE = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html";
const SCHEDULER_RULE =
  "https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role";
const SIZE_RULE =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length";

interface Right {
  readonly action: string;
  readonly resource: string;
}

/** Actions that AWS's own policies allow on every resource. */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  AWSXRayDaemonWriteAccess: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  "service-role/AWSLambdaBasicExecutionRole": ["logs:*"],
  "service-role/AWSLambdaVPCAccessExecutionRole": ["logs:*", "ec2:CreateNetworkInterface"],
  "service-role/AWSLambdaSQSQueueExecutionRole": ["logs:*", "sqs:ReceiveMessage"],
};

const roleName = (arn: unknown): string => String(arn).split("/").at(-1) ?? "";

/** Whether an inline or attached policy of the role allows it. Conditions count as met. */
async function allows(aws: ControlPlane, role: string, right: Right): Promise<boolean> {
  const attached = await aws.iam("ListAttachedRolePolicies", { RoleName: role });
  const names = textsOf(attached, "PolicyArn").map((arn) => arn.replace(/^arn:[^:]+:iam::aws:policy\//, ""));
  if (names.flatMap((name) => MANAGED[name] ?? []).some((action) => matchesGlob(action, right.action))) return true;
  const documents = await inlinePolicies(aws, role);
  return [...documents.values()].some((document) => allowsIn(document, right));
}

async function inlinePolicies(aws: ControlPlane, role: string): Promise<Map<string, string>> {
  const listed = textsOf(await aws.iam("ListRolePolicies", { RoleName: role }), "member");
  const documents = listed.map(async (name) => {
    const answer = await aws.iam("GetRolePolicy", { RoleName: role, PolicyName: name });
    return [name, decoded(textsOf(answer, "PolicyDocument")[0])] as const;
  });
  return new Map(await Promise.all(documents));
}

/** AWS URL-encodes documents in answers, moto does not everywhere. */
const decoded = (text = ""): string => (text.trim().startsWith("%7B") ? decodeURIComponent(text) : text);

function allowsIn(document: string, { action, resource }: Right): boolean {
  const matches = (patterns: unknown, value: string): boolean =>
    [patterns].flat().some((pattern) => matchesGlob(String(pattern).toLowerCase(), value.toLowerCase()));
  return statementsOf(document).some(
    ({ Effect, Action, Resource }) =>
      Effect === "Allow" && matches(Action, action) && (resource === "*" || matches(Resource, resource)),
  );
}

function statementsOf(document: string): readonly Parameters[] {
  const parsed: unknown = JSON.parse(document);
  return isRecord(parsed) ? [parsed.Statement].flat().filter(isRecord) : [];
}

const refusal = (problem: string, rule: string, code = "InvalidParameterValueException"): Problem => ({
  member: "",
  problem,
  rule,
  code,
});

async function trusts(aws: ControlPlane, role: string, service: string): Promise<boolean> {
  const document = decoded(textsOf(await aws.iam("GetRole", { RoleName: role }), "AssumeRolePolicyDocument")[0]);
  if (!document) return false;
  return statementsOf(document).some(({ Effect, Principal }) => {
    const services = isRecord(Principal) ? [Principal.Service].flat() : [Principal];
    return Effect === "Allow" && (services.includes(service) || services.includes("*"));
  });
}

interface FunctionParameters {
  readonly Role?: string;
  readonly TracingConfig?: { readonly Mode?: string };
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  readonly VpcConfig?: { readonly SubnetIds?: readonly string[] };
}

/** What Lambda checks before it creates or changes a function, in AWS's words. */
function neededBy(parameters: FunctionParameters): readonly (Right & { words: string; rule: string })[] {
  const { TracingConfig, DeadLetterConfig, VpcConfig } = parameters;
  const target = DeadLetterConfig?.TargetArn ?? "";
  const needed = [
    {
      if: TracingConfig?.Mode === "Active",
      action: "xray:PutTraceSegments",
      resource: "*",
      words: "PutTraceSegments on XRAY",
      rule: TRACING_RULE,
    },
    {
      if: target.includes(":sqs:"),
      action: "sqs:SendMessage",
      resource: target,
      words: "SendMessage on SQS",
      rule: DESTINATION_RULE,
    },
    {
      if: target.includes(":sns:"),
      action: "sns:Publish",
      resource: target,
      words: "Publish on SNS",
      rule: DESTINATION_RULE,
    },
    {
      if: Boolean(VpcConfig?.SubnetIds?.length),
      action: "ec2:CreateNetworkInterface",
      resource: "*",
      words: "CreateNetworkInterface on EC2",
      rule: ROLE_RULE,
    },
  ];
  return needed.filter((right) => right.if);
}

const functionRights: OrderRule = async ({ parameters }, aws) => {
  const needed = neededBy(parameters);
  const { FunctionName, Role = (await configurationOf(aws, FunctionName)).Role } = parameters;
  const role = roleName(Role);
  if (parameters.Role !== undefined && !(await trusts(aws, role, "lambda.amazonaws.com"))) {
    return [refusal("The role defined for the function cannot be assumed by Lambda.", ROLE_RULE)];
  }
  const missing = await Promise.all(needed.map(async (right) => ((await allows(aws, role, right)) ? [] : [right])));
  return missing
    .flat()
    .map(({ words, rule }) => refusal(`The provided execution role does not have permissions to call ${words}`, rule));
};

const configurationOf = (aws: ControlPlane, name: unknown): Promise<Parameters> =>
  aws.get("lambda", `/2015-03-31/functions/${name}/configuration`);

/** The action that delivers to a destination, by the service in its ARN. */
const DELIVERIES: Readonly<Record<string, string>> = {
  sqs: "sqs:SendMessage",
  sns: "sns:Publish",
  lambda: "lambda:InvokeFunction",
  events: "events:PutEvents",
};

const destinationRights: OrderRule = async ({ parameters }, aws) => {
  const { FunctionName, DestinationConfig } = parameters;
  const destinations = Object.values(isRecord(DestinationConfig) ? DestinationConfig : {})
    .filter(isRecord)
    .map(({ Destination }) => String(Destination ?? ""))
    .filter((arn) => arn !== "");
  if (destinations.length === 0) return [];
  const role = roleName((await configurationOf(aws, FunctionName)).Role);
  const checked = destinations.map(async (resource) => {
    const action = DELIVERIES[resource.split(":")[2] ?? ""];
    if (action === undefined || (await allows(aws, role, { action, resource }))) return [];
    const call = action.split(":")[1];
    const problem = `The function's execution role does not have permissions to call ${call} on ${resource}`;
    return [refusal(problem, DESTINATION_RULE)];
  });
  return (await Promise.all(checked)).flat();
};

const queueRights: OrderRule = async ({ parameters }, aws) => {
  const { FunctionName, EventSourceArn } = parameters;
  const resource = String(EventSourceArn ?? "");
  if (!resource.includes(":sqs:")) return [];
  const role = roleName((await configurationOf(aws, FunctionName)).Role);
  if (await allows(aws, role, { action: "sqs:ReceiveMessage", resource })) return [];
  const problem = "The function execution role does not have permissions to call ReceiveMessage on SQS";
  return [refusal(problem, "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html")];
};

const schedulerRole: OrderRule = async ({ parameters: { Target } }, aws) => {
  const role = roleName(isRecord(Target) ? Target.RoleArn : "");
  if (await trusts(aws, role, "scheduler.amazonaws.com")) return [];
  const problem = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.";
  return [refusal(problem, SCHEDULER_RULE, "ValidationException")];
};

/** All inline policies of a role together have 10,240 characters. */
const inlineSize: OrderRule = async ({ parameters: { RoleName, PolicyName, PolicyDocument } }, aws) => {
  const others = await inlinePolicies(aws, String(RoleName));
  others.delete(String(PolicyName));
  const length = [...others.values(), String(PolicyDocument)].reduce((sum, text) => sum + policyLength(text), 0);
  if (length <= 10_240) return [];
  const problem = `Maximum policy size of 10240 bytes exceeded for role ${RoleName}: its inline policies have ${length} characters in all`;
  return [refusal(problem, SIZE_RULE, "LimitExceeded")];
};

/** What AWS looks up in a role's policies at the time of a call. */
export const EXECUTION_RIGHTS: OrderRules = {
  "lambda.CreateFunction": functionRights,
  "lambda.UpdateFunctionConfiguration": functionRights,
  "lambda.PutFunctionEventInvokeConfig": destinationRights,
  "lambda.UpdateFunctionEventInvokeConfig": destinationRights,
  "lambda.CreateEventSourceMapping": queueRights,
  "scheduler.CreateSchedule": schedulerRole,
  "scheduler.UpdateSchedule": schedulerRole,
  "iam.PutRolePolicy": inlineSize,
};
