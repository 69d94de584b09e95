import type { Plan, ResourceChange } from "./plan.ts";

/** Attributes that identify their own resource. */
const ARNS = ["arn", "execution_arn", "invoke_arn"];

/** Types whose argument `arn` refers to another resource, possibly in another account. */
const ARN_OF_TARGET = ["aws_cloudwatch_event_target", "aws_sns_topic_policy"];

/** Whether the `arn` of a type identifies the resource itself. */
export const hasOwnArn = (type: string): boolean => !ARN_OF_TARGET.includes(type);

/** Types that routes refer to by a generated id. */
const KNOWN_BY_ID = ["aws_apigatewayv2_integration", "aws_apigatewayv2_authorizer"];

/** Replaces ARNs and ids with references such as `${aws_dynamodb_table.table.arn}`. */
export type ToReferences = (text: string) => string;

interface Name {
  readonly name: string;
  readonly reference: string;
}

/**
 * Knows the ARNs and ids of all resources in the plan. With references, an existing policy can be compared with a new one
 * whose ARNs are known only after apply.
 */
export function referencesOf({ resource_changes }: Pick<Plan, "resource_changes">): ToReferences {
  const arns = resource_changes.filter(({ type }) => hasOwnArn(type)).flatMap((resource) => namesOf(resource, ARNS));
  const longestFirst = [...arns].sort((a, b) => b.name.length - a.name.length);
  const ids = new Map(
    resource_changes
      .filter(({ type }) => KNOWN_BY_ID.includes(type))
      .flatMap((resource) => namesOf(resource, ["id"]))
      .map(({ name, reference }) => [name, reference]),
  );
  return (text) => {
    const [, before = "", id = ""] = /^(integrations\/|)([a-z0-9]+)$/.exec(text) ?? [];
    if (ids.has(id)) return `${before}${ids.get(id)}`;
    const found = longestFirst.find(({ name }) => text.startsWith(name) && /^(?:[:/]|$)/.test(text.slice(name.length)));
    return found ? found.reference + text.slice(found.name.length) : text;
  };
}

function namesOf({ address, change }: ResourceChange, attributes: readonly string[]): Name[] {
  return [change.before, change.after].flatMap((side) =>
    attributes.flatMap((attribute) => {
      const name = (side as Record<string, unknown> | null)?.[attribute];
      return typeof name === "string" && name !== "" ? [{ name, reference: `\${${address}.${attribute}}` }] : [];
    }),
  );
}

const REFERENCE = /^\$\{((?:module\.[\w-]+(?:\[[^\]]*\])?\.)*\w+\.[\w-]+(?:\[[^\]]*\])?)\.\w+\}(.*)$/s;

/** The address in a reference, and what follows the reference. */
export function referred(text: string): { readonly address: string; readonly rest: string } | undefined {
  const [, address, rest = ""] = REFERENCE.exec(text) ?? [];
  return address === undefined ? undefined : { address, rest };
}
