import { isIP } from "node:net";
import { GRAMMAR, isObject, type Json, type JsonObject, list, shown, type Violation } from "./document.ts";
import { type KnownAction, keyApplies, keyType, SERVICE_REFERENCE } from "./service-reference.ts";

const GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/";
const OPERATORS = `${GUIDE}reference_policies_elements_condition_operators.html`;
const SETS = `${GUIDE}reference_policies_condition-single-vs-multi-valued-context-keys.html`;

const COMPARISONS = "Equals NotEquals LessThan LessThanEquals GreaterThan GreaterThanEquals";

/** The operators for each kind of value, without their prefix. */
const OPERATORS_OF: Readonly<Record<string, string>> = {
  String: "Equals NotEquals EqualsIgnoreCase NotEqualsIgnoreCase Like NotLike",
  Numeric: COMPARISONS,
  Date: COMPARISONS,
  Arn: "Equals Like NotEquals NotLike",
};

/** The kind of value that each operator compares. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(OPERATORS_OF).flatMap(([kind, names]) =>
    names.split(" ").map((name): [string, string] => [`${kind}${name}`, kind]),
  ),
  ...(["Bool", "Null"] as const).map((name): [string, string] => [name, name]),
  ["BinaryEquals", "Binary"],
  ["IpAddress", "IpAddress"],
  ["NotIpAddress", "IpAddress"],
]);

/** A policy variable can stand for any value. */
const isVariable = (value: string): boolean => value.includes("${");

const isBool = (value: string): boolean => /^(true|false)$/i.test(value);

/** An address or a CIDR block. */
function isAddress(value: string): boolean {
  const [address = "", bits = "0", ...rest] = value.split("/");
  const version = isIP(address);
  return version !== 0 && rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/** The format of values, by the kind of their operator. */
const VALUES: Readonly<Record<string, { readonly fits: (value: string) => boolean; readonly allowed: string }>> = {
  Numeric: { fits: (value) => /^-?\d+(\.\d+)?$/.test(value), allowed: "a number" },
  Date: {
    fits: (value) => /^\d+$/.test(value) || /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.test(value),
    allowed: "a date in ISO 8601 or in epoch seconds",
  },
  Arn: { fits: (value) => /^(arn:|\*)/.test(value), allowed: "an ARN" },
  Bool: { fits: isBool, allowed: "true or false" },
  Null: { fits: isBool, allowed: "true or false" },
  Binary: { fits: (value) => /^[A-Za-z0-9+/]*={0,2}$/.test(value), allowed: "Base64" },
  IpAddress: { fits: isAddress, allowed: "an IP address or a CIDR block" },
};

/** The kinds of operators that are allowed for each type of key. */
const KINDS_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  String: ["String", "Arn"],
  ARN: ["Arn", "String"],
  Bool: ["Bool", "String"],
  Numeric: ["Numeric"],
  Date: ["Date", "Numeric"],
  IPAddress: ["IpAddress"],
  Binary: ["Binary"],
};

interface Conditions {
  readonly place: string;
  /** The actions of the statement, by the pattern in the policy. */
  readonly actions: ReadonlyMap<string, readonly KnownAction[]>;
}

/** Checks the condition of a statement: its operators, their values, and whether each key applies to each action. */
export async function conditionViolations(
  condition: Json | undefined,
  { place, actions }: Conditions,
): Promise<readonly Violation[]> {
  if (condition === undefined) return [];
  if (!isObject(condition)) {
    return [{ place, problem: `Condition is ${shown(condition)}. It must be an object of operators.`, rule: GRAMMAR }];
  }
  const perOperator = Object.entries(condition).map(([operator, keys]) =>
    operatorViolations(operator, keys, { place, actions }),
  );
  return (await Promise.all(perOperator)).flat();
}

async function operatorViolations(text: string, keys: Json, { place, actions }: Conditions): Promise<Violation[]> {
  const [, set, operator = "", suffix] = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(text) ?? [];
  const kind = KINDS.get(operator);
  if (!kind || (kind === "Null" && suffix)) {
    const allowed = `IAM has ${[...KINDS.keys()].join(", ")}. IfExists can follow each except Null`;
    return [{ place, problem: `The condition operator ${shown(text)} does not exist. ${allowed}.`, rule: OPERATORS }];
  }
  if (!isObject(keys)) {
    return [{ place, problem: `${text} is ${shown(keys)}. It must be an object of condition keys.`, rule: GRAMMAR }];
  }
  const at = `${place}.${text}`;
  const perKey = Object.keys(keys).map((key) => keyViolations(key, { place: at, actions, set, kind }));
  return [...valueViolations(keys, { place: at, kind }), ...(await Promise.all(perKey)).flat()];
}

function valueViolations(
  keys: JsonObject,
  { place, kind }: { readonly place: string; readonly kind: string },
): Violation[] {
  const { fits, allowed } = VALUES[kind] ?? { fits: () => true, allowed: "a string" };
  const isValue = (value: unknown): boolean => {
    if (typeof value !== "string") return (typeof value === "boolean" || typeof value === "number") && fits(`${value}`);
    return isVariable(value) || fits(value);
  };
  return Object.entries(keys).flatMap(([key, values]) =>
    (Array.isArray(values) && values.length === 0 ? [undefined] : list(values))
      .filter((value) => !isValue(value))
      .map((value) => ({
        place: `${place}.${key}`,
        problem: `The value of the condition key ${key} is ${shown(value)}. The operator allows ${allowed}.`,
        rule: OPERATORS,
      })),
  );
}

interface Key extends Conditions {
  readonly set: string | undefined;
  readonly kind: string;
}

async function keyViolations(key: string, { place, actions, set, kind }: Key): Promise<Violation[]> {
  const type = await keyType(key);
  // For a pattern such as dynamodb:*, one action that has the key is enough.
  const foreign = [...actions].filter(([, known]) => known.length > 0 && !known.some((each) => keyApplies(key, each)));
  const isUnknown = type === undefined && !key.split(":")[0]?.includes(".");
  if (isUnknown || foreign.length > 0) {
    const where = isUnknown ? "exist in AWS" : `apply to ${foreign.map(([action]) => action).join(", ")}`;
    const problem = `The condition key ${shown(key)} does not ${where}. Use a key of the action's table in the service authorization reference, or a global key.`;
    return [{ place, problem, rule: SERVICE_REFERENCE, isAccepted: true }];
  }
  return typeViolations(key, { place, set, kind, type: type ?? "String" });
}

function typeViolations(
  key: string,
  { place, set, kind, type }: Pick<Key, "place" | "set" | "kind"> & { readonly type: string },
): Violation[] {
  if (kind === "Null") return [];
  const found: Violation[] = [];
  const isList = type.startsWith("ArrayOf");
  if (isList !== (set !== undefined)) {
    const problem = isList
      ? `The condition key ${shown(key)} has several values, but its operator has no set operator. Use ForAllValues or ForAnyValue.`
      : `The condition key ${shown(key)} has one value, but its operator has ${set}. Remove ${set}.`;
    found.push({ place, problem, rule: SETS, isAccepted: true });
  }
  const allowed = KINDS_OF_TYPE[type.replace(/^ArrayOf/, "")] ?? [kind];
  if (!allowed.includes(kind)) {
    const problem = `The condition key ${shown(key)} has the type ${type}, but the operator compares ${kind}. Use an operator of ${allowed.join(" or ")}.`;
    found.push({ place, problem, rule: OPERATORS, isAccepted: true });
  }
  return found;
}
