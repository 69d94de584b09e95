import { BlockList, isIP } from "node:net";
import { arnLike, like, parse, type RequestContext, textOf } from "./patterns.ts";

/** Whether a value of the request matches a value of the policy. */
type Matches = (requested: string, allowed: string, variables: RequestContext | undefined) => boolean;

/**
 * A negated operator with several values is a NOR of the positive one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export interface Operator {
  readonly matches: Matches;
  readonly negated: boolean;
}

/**
 * Variables can be used "in any condition that involves the string operators or the ARN operators".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-conditionelement
 */
const withVariables =
  (matches: (pattern: NonNullable<ReturnType<typeof parse>>, requested: string) => boolean): Matches =>
  (requested, allowed, variables) => {
    const pattern = parse(allowed, variables);
    return pattern !== undefined && matches(pattern, requested);
  };

const stringEquals = withVariables((pattern, requested) => textOf(pattern) === requested);
const stringEqualsIgnoreCase = withVariables(
  (pattern, requested) => textOf(pattern).toLowerCase() === requested.toLowerCase(),
);

/**
 * "An integer or decimal value".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric
 */
const numberOf = (text: string): number => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN);

/**
 * "One of the W3C implementations of the ISO 8601 date formats or epoch (UNIX) time".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 * https://www.w3.org/TR/NOTE-datetime has the formats. A date without a time is its first instant in UTC.
 */
function instantOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const [, year, month, day, hour, minute, second = "0", zone = "Z"] =
    /^(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:\d\d))?)?$/.exec(text) ?? [];
  const start = Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1), Number(hour ?? 0), Number(minute ?? 0));
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === "-" ? -60_000 : 60_000);
  return start + Number(second) * 1000 - offset;
}

const compare =
  (read: (text: string) => number, holds: (requested: number, allowed: number) => boolean): Matches =>
  (requested, allowed) =>
    holds(read(requested), read(allowed));

/** The five comparisons that numbers and dates share; a value that is neither is NaN and matches nothing. */
const ordered = (name: string, read: (text: string) => number): [string, Operator][] => [
  [`${name}Equals`, { negated: false, matches: compare(read, (requested, allowed) => requested === allowed) }],
  [`${name}NotEquals`, { negated: true, matches: compare(read, (requested, allowed) => requested === allowed) }],
  [`${name}LessThan`, { negated: false, matches: compare(read, (requested, allowed) => requested < allowed) }],
  [`${name}LessThanEquals`, { negated: false, matches: compare(read, (requested, allowed) => requested <= allowed) }],
  [`${name}GreaterThan`, { negated: false, matches: compare(read, (requested, allowed) => requested > allowed) }],
  [
    `${name}GreaterThanEquals`,
    { negated: false, matches: compare(read, (requested, allowed) => requested >= allowed) },
  ],
];

/**
 * CIDR notation. An address without a prefix is that address alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
 */
const inRange: Matches = (requested, allowed) => {
  const [network = "", prefix] = allowed.split("/");
  const family = isIP(network);
  if (family === 0 || isIP(requested) !== family) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const range = new BlockList();
  range.addSubnet(network, Number(prefix ?? (family === 4 ? 32 : 128)), type);
  return range.check(requested, type);
};

const pair = (names: readonly [string, string], matches: Matches): [string, Operator][] => [
  [names[0], { matches, negated: false }],
  [names[1], { matches, negated: true }],
];

const BY_NAME: ReadonlyMap<string, Operator> = new Map([
  ...pair(["StringEquals", "StringNotEquals"], stringEquals),
  ...pair(["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"], stringEqualsIgnoreCase),
  ...pair(["StringLike", "StringNotLike"], withVariables(like)),
  ...pair(["ArnEquals", "ArnNotEquals"], withVariables(arnLike)),
  ...pair(["ArnLike", "ArnNotLike"], withVariables(arnLike)),
  ...ordered("Numeric", numberOf),
  ...ordered("Date", instantOf),
  ...pair(["IpAddress", "NotIpAddress"], inRange),
  // "Comparing a key to true or false".
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean
  ["Bool", { negated: false, matches: (requested, allowed) => requested === allowed }],
  // "Byte for byte against a base-64 encoded representation of the binary value".
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_BinaryEquals
  [
    "BinaryEquals",
    {
      negated: false,
      matches: (requested, allowed) => Buffer.from(requested, "base64").equals(Buffer.from(allowed, "base64")),
    },
  ],
] satisfies [string, Operator][]);

export function operatorNamed(name: string): Operator {
  const operator = BY_NAME.get(name);
  if (operator === undefined) throw new Error(`${name} is not a condition operator`);
  return operator;
}
