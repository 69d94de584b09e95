import { BlockList, isIP } from "node:net";

/** Whether the value of a request matches the value of a policy. */
export type Comparison = (actual: string, expected: string) => boolean;

/** An operator. A negated operator holds if no value of the policy matches. */
export interface Operator {
  readonly compare: Comparison;
  readonly negated: boolean;
}

const toNumber = (text: string): number => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN);

/** Epoch seconds, or a date of https://www.w3.org/TR/NOTE-datetime, which is in UTC if it has no time. */
const DATE = /^\d{4}-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?$/;

function toMilliseconds(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  return DATE.test(text) ? Date.parse(text) : Number.NaN;
}

const ORDER: Readonly<Record<string, (actual: number, expected: number) => boolean>> = {
  Equals: (actual, expected) => actual === expected,
  LessThan: (actual, expected) => actual < expected,
  LessThanEquals: (actual, expected) => actual <= expected,
  GreaterThan: (actual, expected) => actual > expected,
  GreaterThanEquals: (actual, expected) => actual >= expected,
};

/** The operators that compare numbers or dates. A value in another format matches nothing. */
function ordered(kind: string, parse: (text: string) => number): Record<string, Operator> {
  const comparing =
    (holds: (actual: number, expected: number) => boolean): Comparison =>
    (actual, expected) =>
      holds(parse(actual), parse(expected));
  const operators = Object.entries(ORDER).map(([name, holds]): [string, Operator] => [
    `${kind}${name}`,
    { compare: comparing(holds), negated: false },
  ]);
  const equals = comparing((actual, expected) => actual === expected);
  return { ...Object.fromEntries(operators), [`${kind}NotEquals`]: { compare: equals, negated: true } };
}

const inRange: Comparison = (actual, expected) => {
  const [address = "", prefix] = expected.split("/");
  const version = isIP(address);
  if (version === 0 || isIP(actual) !== version) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const range = new BlockList();
  range.addSubnet(address, Number(prefix ?? (version === 4 ? 32 : 128)), family);
  return range.check(actual, family);
};

const equals: Comparison = (actual, expected) => actual === expected;

/** The operators that compare neither strings nor ARNs. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export const VALUE_OPERATORS: Readonly<Record<string, Operator>> = {
  ...ordered("Numeric", toNumber),
  ...ordered("Date", toMilliseconds),
  IpAddress: { compare: inRange, negated: false },
  NotIpAddress: { compare: inRange, negated: true },
  Bool: { compare: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(), negated: false },
  BinaryEquals: { compare: equals, negated: false },
};
