import fc, { type Arbitrary } from "fast-check";
import type { PolicyDocument, Request, StatementDocument } from "./evaluator.ts";
import { ACTION_PATTERNS, ACTIONS, type Key, KINDS, profile, RESOURCE_PATTERNS, RESOURCES } from "./vocabulary.ts";

/** A value, which is repeated to be chosen more often. */
const often = <Value>(value: Value, times: number): Value[] => Array<Value>(times).fill(value);

const some = <Value>(values: readonly Value[], maxLength = 3): Arbitrary<Value | Value[]> =>
  fc.oneof(fc.constantFrom(...values), fc.array(fc.constantFrom(...values), { minLength: 1, maxLength }));

/** The name of a key as a policy may spell it. */
const spelled = (key: string): Arbitrary<string> => fc.constantFrom(key, key.toLowerCase(), key.toUpperCase());

type NamedCondition = [operator: string, key: string, values: unknown];

const conditionOn = ({ name, kind, isMultivalued, isEmptyable }: Key): Arbitrary<NamedCondition> => {
  const sets = isMultivalued ? ["ForAllValues:", "ForAnyValue:"] : ["", "", "ForAllValues:", "ForAnyValue:"];
  const operator = fc
    .tuple(
      fc.constantFrom(...sets),
      fc.constantFrom(...kind.operators),
      fc.constantFrom("", isEmptyable ? "" : "IfExists"),
    )
    .map((parts) => parts.join(""));
  return fc.tuple(operator, spelled(name), some(kind.allowed));
};

const nullOn = ({ name }: Key): Arbitrary<NamedCondition> =>
  fc.tuple(fc.constant("Null"), spelled(name), some(["true", "false", true, false], 2));

const conditionBlock = (conditions: readonly NamedCondition[]): NonNullable<StatementDocument["Condition"]> => {
  const block: Record<string, Record<string, unknown>> = {};
  for (const [operator, key, values] of conditions) block[operator] = { ...block[operator], [key]: values };
  return block as NonNullable<StatementDocument["Condition"]>;
};

/** `Action`, or `NotAction` without "*", which would exclude everything. */
const elementOf = (name: string, patterns: readonly string[]): Arbitrary<Record<string, string | string[]>> => {
  const element = some(patterns).map((values) => ({ [name]: values }));
  const negated = some(patterns.filter((pattern) => pattern !== "*")).map((values) => ({ [`Not${name}`]: values }));
  return fc.oneof(...often(element, 4), negated);
};

/** Without version 2012-10-17, AWS does not document what "${*}" is. */
const withoutSpecial = <Value>(values: readonly Value[]): Value[] =>
  values.filter((value) => !/\$\{[*?$]/.test(String(value)));

const statementOf = (all: readonly Key[], version: Version): Arbitrary<StatementDocument> => {
  const values = version === "2012-10-17" ? <Value>(from: readonly Value[]) => from : withoutSpecial;
  const keys = all.map((key) => ({ ...key, kind: { ...key.kind, allowed: values(key.kind.allowed) } }));
  const condition = fc.oneof(...keys.map(conditionOn), fc.oneof(...keys.map(nullOn)));
  return fc
    .record({
      Effect: fc.constantFrom("Allow", "Allow", "Allow", "Allow", "Allow", "Deny"),
      actions: elementOf("Action", ACTION_PATTERNS),
      resources: elementOf("Resource", values(RESOURCE_PATTERNS)),
      conditions: fc.oneof(
        fc.constant([]),
        fc.tuple(condition),
        fc.tuple(condition),
        fc.array(condition, { maxLength: 2 }),
      ),
    })
    .map(
      ({ Effect, actions, resources, conditions }): StatementDocument => ({
        Effect,
        ...actions,
        ...resources,
        Condition: conditionBlock(conditions),
      }),
    );
};

type Version = NonNullable<PolicyDocument["Version"]> | "none";

const policyOf = (keys: readonly Key[], version: Version): Arbitrary<PolicyDocument> =>
  fc
    .oneof(statementOf(keys, version), fc.array(statementOf(keys, version), { minLength: 1, maxLength: 4 }))
    .map((Statement) => ({
      ...(version !== "none" && { Version: version }),
      Statement,
    }));

const requestOf = (keys: readonly Key[]): Arbitrary<Request> => {
  const valuesOf = ({ kind, isMultivalued, isEmptyable }: Key): Arbitrary<string[]> =>
    fc.array(fc.constantFrom(...kind.requested, ...(isEmptyable ? Array(kind.requested.length).fill("") : [])), {
      maxLength: isMultivalued ? 3 : 1,
    });
  return fc.record({
    action: fc.constantFrom(...ACTIONS),
    resource: fc.constantFrom(...RESOURCES),
    context: fc
      .tuple(...keys.map(valuesOf))
      .map((all) => Object.fromEntries(keys.map(({ name }, index) => [name.toLowerCase(), all[index] ?? []]))),
  });
};

/** Policies, and a request with the same condition keys. */
export const cases: Arbitrary<{ readonly policies: readonly PolicyDocument[]; readonly request: Request }> = fc.oneof(
  ...KINDS.map((_, shift) => {
    const keys = profile(shift);
    const policy = fc.oneof(
      ...often(policyOf(keys, "2012-10-17"), 8),
      policyOf(keys, "2008-10-17"),
      policyOf(keys, "none"),
    );
    return fc.record({ policies: fc.array(policy, { minLength: 1, maxLength: 2 }), request: requestOf(keys) });
  }),
);
