import type { Thing } from "../things.ts";

/** The account in an ARN, or the id of an account. */
export const accountIn = (text: unknown): string | undefined =>
  typeof text === "string" ? /^(?:arn:[\w-]+:[\w-]+:[\w-]*:)?(\d{12})(?::|$)/.exec(text)?.[1] : undefined;

/** Types whose `arn` is an argument: it names what they send to, or whose policy they are, perhaps in another account. */
const OF_ANOTHER = ["aws_cloudwatch_event_target", "aws_sns_topic_policy"];

/** Whether the `arn` of a type is that of the resource itself. */
export const hasOwnArn = (type: string): boolean => !OF_ANOTHER.includes(type);

/** The accounts of a plan's own resources, as far as their ARNs are known. */
export const accountsOf = (things: readonly Thing[]): ReadonlySet<string> =>
  new Set(things.filter(({ type }) => hasOwnArn(type)).flatMap(({ raw }) => accountIn(raw("arn")) ?? []));
