import type { Thing } from "../things.ts";

/** The account in an ARN, or the id of an account. */
export const accountIn = (text: unknown): string | undefined =>
  typeof text === "string" ? /^(?:arn:[\w-]+:[\w-]+:[\w-]*:)?(\d{12})(?::|$)/.exec(text)?.[1] : undefined;

/** The accounts of a plan's own resources, as far as their ARNs are known. */
export const accountsOf = (things: readonly Thing[]): ReadonlySet<string> =>
  new Set(things.flatMap(({ raw }) => accountIn(raw("arn")) ?? []));
