import type { Attributes, Value } from "../configuration.ts";
import type { Fault } from "../resolve.ts";
import { hasNoEffect, hasSupport, isSupported } from "../supported.ts";
import type { ExpressionConfiguration, Expressions } from "./plan-json.ts";
import { referencesOf } from "./plan-json.ts";
import { follow, type Referred } from "./plan-references.ts";
import { keyOf, type PlannedInstance } from "./planned-stack.ts";

interface Target {
  readonly type: string;
  readonly attribute: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

const ROLE_NAME: Target = { type: "aws_iam_role", attribute: "name" };
const INVOKE_ARN: Target = { type: "aws_lambda_function", attribute: "invoke_arn" };

/** What attributes that are unknown before an apply usually contain. A plan has only the references of their expressions. */
const TARGETS: Readonly<Record<string, Target>> = {
  api_id: { type: "aws_apigatewayv2_api", attribute: "id" },
  authorizer_id: { type: "aws_apigatewayv2_authorizer", attribute: "id" },
  authorizer_uri: INVOKE_ARN,
  deployment_id: { type: "aws_apigatewayv2_deployment", attribute: "id" },
  integration_id: { type: "aws_apigatewayv2_integration", attribute: "id" },
  integration_uri: INVOKE_ARN,
  policy_arn: { type: "aws_iam_policy", attribute: "arn" },
  route_id: { type: "aws_apigatewayv2_route", attribute: "id" },
  target: { type: "aws_apigatewayv2_integration", attribute: "id", prefix: "integrations/" },
  "aws_iam_role_policy.role": ROLE_NAME,
  "aws_iam_role_policy_attachment.role": ROLE_NAME,
  "aws_lambda_function.role": { type: "aws_iam_role", attribute: "arn" },
  "aws_lambda_permission.source_arn": { type: "aws_apigatewayv2_api", attribute: "execution_arn", suffix: "/*" },
};

/** An attribute with this name contains exactly one ARN. */
const isArn = (name: string): boolean => /(^|_)arn$|^destination$/.test(name);

export interface PlanFindings {
  readonly faults: Fault[];
  readonly warnings: string[];
}

interface Values extends PlanFindings {
  readonly instance: PlannedInstance;
  readonly all: readonly PlannedInstance[];
}

/** Returns the attributes that the configuration declares, with references instead of values that are unknown before an apply. */
export function bodyOf(expressions: Expressions, unknown: Value | undefined, values: Values): Attributes {
  const { type, values: planned = {} } = values.instance.resource;
  const names = Object.keys(expressions).filter((name) => !isSupported(type) || hasSupport(type, name));
  const unsupported = Object.keys(expressions).filter((name) => !names.includes(name));
  const entries = names.map((name): [string, Value] => [
    name,
    merged(planned[name] ?? null, { expression: expressions[name], unknown: field(unknown, name), path: name, values }),
  ]);
  const others = unsupported.map((name) => [name, escaped(planned[name] ?? "unknown")]);
  // The configuration in a plan has no dynamic blocks.
  const dynamic = Object.entries(planned).filter(
    ([name, value]) => !Object.hasOwn(expressions, name) && hasSupport(type, name) && isBlocks(value),
  );
  return Object.fromEntries([...entries, ...others, ...dynamic.map(([name, value]) => [name, escaped(value)])]);
}

const isBlocks = (value: Value): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "object");

interface Merging {
  readonly expression: ExpressionConfiguration | undefined;
  readonly unknown: Value | undefined;
  readonly path: string;
  readonly values: Values;
}

const field = (value: Value | undefined, name: string): Value | undefined =>
  typeof value === "object" && value !== null ? (value as Attributes)[name] : undefined;

function merged(planned: Value, { expression, unknown, path, values }: Merging): Value {
  if (unknown === true) return unknownValue(expression, path, values);
  if (Array.isArray(expression) && Array.isArray(planned)) {
    return planned.map((block: Value, index) => {
      const own = (expression[index] ?? expression[0] ?? {}) as Expressions;
      const entries = Object.entries(own).map(([name, each]): [string, Value] => {
        const inner = { expression: each, unknown: field(field(unknown, String(index)), name) };
        return [name, merged((block as Attributes)[name] ?? null, { ...inner, path: `${path}.${name}`, values })];
      });
      return Object.fromEntries(entries);
    });
  }
  if (typeof unknown === "object" && unknown !== null) reportKeys(unknown, path, values);
  return escaped(planned);
}

/** The values are not templates. */
function escaped(value: Value): Value {
  if (typeof value === "string") return value.replaceAll(/([$%])\{/g, "$1$1{");
  if (Array.isArray(value)) return value.map(escaped);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, escaped(each)]));
}

function unknownValue(expression: ExpressionConfiguration | undefined, path: string, values: Values): Value {
  const { instance, all } = values;
  const { type } = instance.resource;
  const target = TARGETS[`${type}.${path}`] ?? TARGETS[path];
  const name = path.replace(/^.*\./, "");
  const search = { site: instance.site, key: keyOf(instance.resource) || instance.site.key, all };
  const found = referencesOf(expression).flatMap((reference) => follow(reference, search));
  const template = target ? templateOf(found, target) : isArn(name) && exactTemplate(found);
  if (template) {
    if (target?.suffix) warnSource(values);
    return template;
  }
  report(path, values);
  return null;
}

const addressOf = ({ resource, name }: PlannedInstance): string => `${resource.type}.${name}`;

function templateOf(
  found: readonly Referred[],
  { type, attribute, prefix = "", suffix = "" }: Target,
): string | undefined {
  const referred = found.find(({ instance }) => instance.resource.type === type);
  return referred && `${prefix}\${${addressOf(referred.instance)}.${attribute}}${suffix}`;
}

function exactTemplate(found: readonly Referred[]): string | undefined {
  const referred = found.find(({ attribute }) => attribute !== undefined);
  return referred && `\${${addressOf(referred.instance)}.${referred.attribute}}`;
}

function reportKeys(unknown: Value, path: string, values: Values): void {
  for (const [key, each] of Object.entries(unknown as Attributes)) if (each === true) report(`${path}.${key}`, values);
}

function report(path: string, { instance, faults }: Values): void {
  const { type, address } = instance.resource;
  const [attribute = ""] = path.split(".");
  if (!isSupported(type) || hasNoEffect(type, attribute)) return;
  const reason = `The plan does not contain "${path}" of ${address}, because the value is known only after an apply. Pass the folder of the Terraform instead of the plan.`;
  faults.push({ address: addressOf(instance), attribute, reason });
}

const warnSource = ({ instance, warnings }: Values): void => {
  warnings.push(
    `The plan does not contain "source_arn" of ${instance.resource.address}, because the value is known only after an apply. The emulator assumes that the permission is for all routes of the API.`,
  );
};
