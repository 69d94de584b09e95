import { list, record } from "../../iam/document.ts";
import { matchesGlob } from "../../iam/patterns.ts";
import { type Attributes, block, blocks, type Resources, resourcesByAddress, type Value } from "../configuration.ts";
import { managedPolicies } from "../managed-policies.ts";
import type { Finding } from "./constraints.ts";

const LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/";
const LOGS_ROLE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html";

/** A permission that AWS checks while it creates a resource. */
interface Need {
  /** The resource that fails without it. */
  readonly address: string;
  /** The attribute that requires it. */
  readonly attribute: string;
  readonly action: string;
  /** The resource of the action, as written in Terraform; any resource if undefined. */
  readonly target?: string;
  /** The address of the role, if it is in the stack. */
  readonly role: string | undefined;
  readonly rule: string;
}

/** The action that sends to a destination, by the service in its ARN or reference. */
const SEND_ACTIONS: readonly (readonly [service: RegExp, action: string])[] = [
  [/aws_sqs_queue\.|:sqs:/, "sqs:SendMessage"],
  [/aws_sns_topic\.|:sns:/, "sns:Publish"],
  [/aws_lambda_(function|alias)\.|:lambda:/, "lambda:InvokeFunction"],
  [/aws_cloudwatch_event_bus\.|:events:/, "events:PutEvents"],
];

/**
 * Finds permissions that AWS checks when it creates a resource, and that Terraform may grant too late. Reads the Terraform
 * with its references, which define the order. AWS rejects such a resource, and Terraform retries for minutes. If the policy
 * is created in that time, the retry succeeds. A finding is therefore a warning, unless the policy must come later.
 */
export function orderFindings(resources: Resources, graph: Graph = dependenciesOf(resources)): Finding[] {
  const needs = [...functionNeeds(resources), ...destinationNeeds(resources), ...logsRoleNeeds(resources)];
  return [
    ...needs.flatMap((need) => needFinding(need, resources, graph)),
    ...accountFindings(resources, graph),
    ...cycleFindings(resources, graph),
  ];
}

function functionNeeds(resources: Resources): Need[] {
  return resourcesByAddress(resources, "aws_lambda_function").flatMap(([address, lambda]) => {
    const role = addressOf(resources, "aws_iam_role", lambda.role);
    const need = (attribute: string, action: string, page: string): Need => ({
      ...{ address, attribute, action, role, rule: `${LAMBDA}${page}.html` },
    });
    const dead = sendNeeds(block(lambda.dead_letter_config).target_arn);
    const key = present(lambda.kms_key_arn) ? [String(lambda.kms_key_arn)] : [];
    return [
      ...(block(lambda.tracing_config).mode === "Active"
        ? [need("tracing_config", "xray:PutTraceSegments", "services-xray")]
        : []),
      ...dead.map((sent) => ({
        ...need("dead_letter_config", sent.action, "invocation-async-retain-records"),
        ...sent,
      })),
      ...(blocks(lambda.vpc_config).length > 0
        ? ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]
        : []
      ).map((action) => need("vpc_config", action, "configuration-vpc")),
      ...key.map((target) => ({ ...need("kms_key_arn", "kms:Decrypt", "configuration-envvars-encryption"), target })),
    ];
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function destinationNeeds(resources: Resources): Need[] {
  return resourcesByAddress(resources, "aws_lambda_function_event_invoke_config").flatMap(([address, config]) => {
    const lambda = addressOf(resources, "aws_lambda_function", config.function_name);
    const role = addressOf(resources, "aws_iam_role", at(resources, "aws_lambda_function", lambda).role);
    const { on_failure, on_success } = block(config.destination_config);
    return [on_failure, on_success].flatMap((destination) =>
      sendNeeds(block(destination).destination).map((sent) => ({
        ...{ address, attribute: "destination_config", role, rule: `${LAMBDA}invocation-async-retain-records.html` },
        ...sent,
      })),
    );
  });
}

/** API Gateway tests the account's role for logs when the role is set. */
const logsRoleNeeds = (resources: Resources): Need[] =>
  resourcesByAddress(resources, "aws_api_gateway_account").flatMap(([address, { cloudwatch_role_arn: arn }]) => {
    const role = addressOf(resources, "aws_iam_role", arn);
    return ["logs:CreateLogGroup", "logs:PutLogEvents"].map((action) => ({
      ...{ address, attribute: "cloudwatch_role_arn", action, role, rule: LOGS_ROLE },
    }));
  });

const present = (value: Value | undefined): value is Value => (value ?? undefined) !== undefined;

const sendNeeds = (destination: Value | undefined): { readonly action: string; readonly target: string }[] =>
  SEND_ACTIONS.filter(([service]) => service.test(String(destination ?? ""))).map(([, action]) => ({
    action,
    target: String(destination),
  }));

/** A resource of the type that a value refers to, or that has the value as its name. */
function addressOf(resources: Resources, type: string, value: Value | undefined): string | undefined {
  const [, referred] = new RegExp(`\\$\\{${type}\\.([\\w-]+)\\.`).exec(String(value)) ?? [];
  const name = String(value).replace(/^arn:.*[:/]/, "");
  return resourcesByAddress(resources, type).find(
    ([address, each]) =>
      address === `${type}.${referred}` || (!referred && [each.name, each.function_name].includes(name)),
  )?.[0];
}

/** The attributes of the resource at an address; empty if there is none. */
const at = (resources: Resources, type: string, address: string | undefined): Attributes =>
  resourcesByAddress(resources, type).find(([each]) => each === address)?.[1] ?? {};

/** Returns the addresses on which a resource depends, directly or indirectly, by references and `depends_on`. */
export type Graph = (address: string) => ReadonlySet<string>;

function dependenciesOf(resources: Resources): Graph {
  const direct = new Map(
    Object.keys(resources).flatMap((type) =>
      resourcesByAddress(resources, type).map(([address, { depends_on, ...attributes }]): [string, string[]] => {
        const expressions = JSON.stringify(attributes).match(/\$\{[^}]*\}/g) ?? [];
        const named = [...expressions, ...list(depends_on)].join(" ").match(/\baws_\w+\.[\w-]+/g) ?? [];
        return [address, named];
      }),
    ),
  );
  const known = new Map<string, ReadonlySet<string>>();
  return (address) => {
    const found = new Set<string>();
    if (known.has(address)) return known.get(address) ?? found;
    const pending = [address];
    for (let at = pending.pop(); at; at = pending.pop()) {
      const next = (direct.get(at) ?? []).filter((each) => !found.has(each));
      for (const each of next) found.add(each);
      pending.push(...next);
    }
    known.set(address, found);
    return found;
  };
}

/** The policies of a role, each with the resource that must be created for the role to have it. */
function policiesOf(resources: Resources, role: string): { readonly address: string; readonly document: unknown }[] {
  const own = (type: string) =>
    resourcesByAddress(resources, type).filter(([, each]) => addressOf(resources, "aws_iam_role", each.role) === role);
  const { inline_policy, managed_policy_arns } = at(resources, "aws_iam_role", role);
  return [
    ...blocks(inline_policy).map(({ policy }) => ({ address: role, document: policy })),
    ...(list(managed_policy_arns) as Value[]).map((arn) => ({ address: role, document: managed(resources, arn) })),
    ...own("aws_iam_role_policy").map(([address, { policy }]) => ({ address, document: policy })),
    ...own("aws_iam_role_policy_attachment").map(([address, each]) => ({
      ...{ address, document: managed(resources, each.policy_arn) },
    })),
  ];
}

function managed(resources: Resources, arn: Value | undefined): unknown {
  const own = addressOf(resources, "aws_iam_policy", arn);
  if (own) return at(resources, "aws_iam_policy", own).policy;
  return Object.hasOwn(managedPolicies, String(arn)) ? managedPolicies[String(arn)] : undefined;
}

/** Whether a policy allows the action on the target. A document that cannot be parsed is assumed to allow it. */
function allows(document: unknown, { action, target = "*" }: Need): boolean {
  const statements = statementsOf(document);
  const reaches = (pattern: string) => target === "*" || matchesGlob(pattern, target) || !pattern.includes("${");
  return (
    statements === undefined ||
    statements.some(({ Effect, Action, NotAction, Resource, NotResource }) => {
      const isNamed = list(Action ?? NotAction).some((each) =>
        matchesGlob(`${each}`.toLowerCase(), action.toLowerCase()),
      );
      const isReached = NotResource !== undefined || list(Resource).map(String).some(reaches);
      return Effect === "Allow" && isNamed === (Action !== undefined) && isReached;
    })
  );
}

function statementsOf(document: unknown): readonly Readonly<Record<string, unknown>>[] | undefined {
  try {
    const parsed = record(typeof document === "string" ? JSON.parse(document) : document, "A policy");
    return list(parsed.Statement).map((statement) => record(statement, "A statement"));
  } catch {
    return undefined;
  }
}

function needFinding(need: Need, resources: Resources, graph: Graph): Finding[] {
  const { address, attribute, action, role, rule } = need;
  if (role === undefined) return [];
  const granting = policiesOf(resources, role).filter(({ document }) => allows(document, need));
  const before = graph(address);
  if (granting.some((policy) => before.has(policy.address))) return [];
  const requirement = `AWS creates it only if ${role} already has the permission ${action}, because of "${attribute}".`;
  const late = granting.find((policy) => graph(policy.address).has(address));
  const [first] = granting;
  if (late) {
    const problem = `${requirement} ${late.address} allows it, but refers to this resource, so Terraform creates the policy too late. Move the permission to a separate policy, and add that policy to "depends_on".`;
    return [{ address, problem, rule }];
  }
  if (first) {
    const problem = `${requirement} ${first.address} allows it, but Terraform may create that policy later. Add it to "depends_on".`;
    return [{ address, problem, rule, isWarning: true }];
  }
  const problem = `${requirement} No policy of that role allows it. Add a policy, and add it to "depends_on".`;
  return [{ address, problem, rule }];
}

/** A stage with an access log requires the account's role for logs. If the stack sets the role, the stage must come later. */
function accountFindings(resources: Resources, graph: Graph): Finding[] {
  const [account] = resourcesByAddress(resources, "aws_api_gateway_account").map(([address]) => address);
  if (account === undefined) return [];
  return resourcesByAddress(resources, "aws_apigatewayv2_stage")
    .filter(
      ([address, { access_log_settings }]) => blocks(access_log_settings).length > 0 && !graph(address).has(account),
    )
    .map(([address]) => ({
      address,
      problem: `Its access log requires the account's role for logs, which ${account} sets. Terraform may set it later. Add ${account} to "depends_on".`,
      rule: LOGS_ROLE,
      isWarning: true,
    }));
}

const CYCLES = "https://developer.hashicorp.com/terraform/internals/graph";

function cycleFindings(resources: Resources, graph: Graph): Finding[] {
  const reported = new Set<string>();
  const addresses = Object.keys(resources).flatMap((type) =>
    resourcesByAddress(resources, type).map(([address]) => address),
  );
  return addresses.flatMap((address) => {
    if (reported.has(address) || !graph(address).has(address)) return [];
    const cycle = [...graph(address)].filter((other) => graph(other).has(address));
    for (const other of cycle) reported.add(other);
    const problem = `It depends on itself: ${cycle.join(", ")} refer to each other. Remove one of the references.`;
    return [{ address, problem, rule: CYCLES }];
  });
}
