import { referred } from "../references.ts";
import type { Thing } from "../things.ts";

/** The one reference by which a thing goes in permissions. */
export const referenceTo = ({ address }: Pick<Thing, "address">): string => `\${${address}.arn}`;

/** Finds the thing that a text names: by a reference, or by its name in AWS. */
export function namedBy(text: string | undefined, things: readonly Thing[], { type, name }: Named): Thing | undefined {
  const { address } = referred(text ?? "") ?? {};
  return things.find(
    (thing) => thing.address === address || (thing.type === type && text !== undefined && thing.text(name) === text),
  );
}

interface Named {
  readonly type: string;
  /** The attribute that holds the name. */
  readonly name: string;
}

/** An attribute that names a role, user or group: `role`, `users`, `group_name`. */
export type HolderAttribute = string;

/** The identities that an attribute names. A role's rights are those of the functions that run with it. */
export function holdersOf(text: string, attribute: HolderAttribute, things: readonly Thing[]): string[] {
  const [kind = "role"] = /^(role|user|group)/.exec(attribute) ?? [];
  const found = namedBy(text, things, { type: `aws_iam_${kind}`, name: "name" });
  if (!found) return [`${kind} ${text}`];
  const functions = things.filter((thing) => runsWith(thing, found));
  return functions.length > 0 ? functions.map(referenceTo) : [referenceTo(found)];
}

const runsWith = (thing: Thing, role: Thing): boolean =>
  thing.type === "aws_lambda_function" && referred(thing.text("role") ?? "")?.address === role.address;
