import { referred } from "../references.ts";
import type { Thing } from "../things.ts";

/** The one reference by which a thing goes in permissions. */
export const referenceTo = ({ address }: Pick<Thing, "address">): string => `\${${address}.arn}`;

/** Finds the thing that a text names: by a reference, or by what it is called in AWS. */
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

/** Who has the rights of a role: the functions that run with it, or the role itself where nothing here does. */
export function holdersOf(role: string | undefined, things: readonly Thing[]): string[] {
  const found = namedBy(role, things, { type: "aws_iam_role", name: "name" });
  if (!found) return [`role ${role}`];
  const functions = things.filter(
    (thing) => thing.type === "aws_lambda_function" && referred(thing.text("role") ?? "")?.address === found.address,
  );
  return functions.length > 0 ? functions.map(referenceTo) : [referenceTo(found)];
}
