import type { ResourceState } from "../resource-states.ts";

/** The account in an ARN, or the id of an account. */
export const accountIn = (text: unknown): string | undefined =>
  typeof text === "string" ? /^(?:arn:[\w-]+:[\w-]+:[\w-]*:)?(\d{12})(?::|$)/.exec(text)?.[1] : undefined;

/** Types whose `arn` is an argument that names another resource, perhaps in another account. */
const ARN_OF_TARGET = ["aws_cloudwatch_event_target", "aws_sns_topic_policy"];

/** Whether the `arn` of a type is that of the resource itself. */
export const hasOwnArn = (type: string): boolean => !ARN_OF_TARGET.includes(type);

/** The accounts of a plan's own resources, as far as their ARNs are known. */
export const accountsOf = (states: readonly ResourceState[]): ReadonlySet<string> =>
  new Set(states.filter(({ type }) => hasOwnArn(type)).flatMap(({ raw }) => accountIn(raw("arn")) ?? []));
