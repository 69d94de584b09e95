import { hasOwnArn, referred } from "../references.ts";
import type { ResourceState } from "../resource-states.ts";

/** The account in an ARN, or the id of an account. */
export const accountIn = (text: unknown): string | undefined =>
  typeof text === "string" ? /^(?:arn:[\w-]+:[\w-]+:[\w-]*:)?(\d{12})(?::|$)/.exec(text)?.[1] : undefined;

/** The accounts of a plan's own resources whose ARNs are known. */
export const accountsOf = (states: readonly ResourceState[]): ReadonlySet<string> =>
  new Set(states.filter(({ type }) => hasOwnArn(type)).flatMap(({ raw }) => accountIn(raw("arn")) ?? []));

/** The reference that identifies a resource in permissions. */
export const referenceTo = ({ address }: Pick<ResourceState, "address">): string => `\${${address}.arn}`;

/** Finds the resource that a text names, by reference or by its name in AWS. */
export function namedBy(
  text: string | undefined,
  states: readonly ResourceState[],
  { type, name }: Named,
): ResourceState | undefined {
  const { address } = referred(text ?? "") ?? {};
  return states.find(
    (state) => state.address === address || (state.type === type && text !== undefined && state.text(name) === text),
  );
}

interface Named {
  readonly type: string;
  /** The attribute that holds the name. */
  readonly name: string;
}

/** An attribute that names a role, user or group: `role`, `users`, `group_name`. */
export type HolderAttribute = string;

/** The identities that an attribute names. The permissions of a role are reported for the functions that use it. */
export function holdersOf(text: string, attribute: HolderAttribute, states: readonly ResourceState[]): string[] {
  const [kind = "role"] = /^(role|user|group)/.exec(attribute) ?? [];
  const found = namedBy(text, states, { type: `aws_iam_${kind}`, name: "name" });
  if (!found) return [`${kind} ${text}`];
  const functions = states.filter((state) => runsWith(state, found));
  return functions.length > 0 ? functions.map(referenceTo) : [referenceTo(found)];
}

const runsWith = (state: ResourceState, role: ResourceState): boolean =>
  state.type === "aws_lambda_function" && referred(state.text("role") ?? "")?.address === role.address;
