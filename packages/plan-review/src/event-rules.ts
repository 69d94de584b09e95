import { type Caller, called } from "./nouns.ts";
import { namedBy } from "./permissions/holders.ts";
import { type Phrase, say, sentenceCase, strong } from "./phrase.ts";
import type { ResourceState, Sides } from "./resource-states.ts";

/** Events that start or stop to reach a target. A changed rule is reported as both. */
export interface DeliveryChange {
  readonly kind: "delivery";
  readonly does: "added" | "removed";
  /** Undefined if the plan has only the target. */
  readonly rule: ResourceState | undefined;
  readonly ruleName: string | undefined;
  readonly bus: Phrase;
  readonly pattern: string | undefined;
  readonly schedule: string | undefined;
  /** The target, by reference. Undefined if the plan does not show it. */
  readonly leadsTo: string | undefined;
}

export interface BusChange {
  readonly kind: "bus";
  readonly does: "added" | "removed";
  readonly called: Phrase;
}

export type EventChange = DeliveryChange | BusChange;

type Found = Omit<DeliveryChange, "does"> | Omit<BusChange, "does">;

/** The differences of rules and targets that the review describes in words. */
export const DESCRIBED: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_event_bus: ["name"],
  aws_cloudwatch_event_rule: ["event_bus_name", "event_pattern", "is_enabled", "name", "schedule_expression", "state"],
  aws_cloudwatch_event_target: ["arn", "event_bus_name", "rule"],
};

export function eventChanges({ before, after }: Sides): EventChange[] {
  const [old, now] = [foundIn(before), foundIn(after)];
  return [...missingIn(old, now, "added"), ...missingIn(now, old, "removed")];
}

const missingIn = (
  others: ReadonlyMap<string, Found>,
  all: ReadonlyMap<string, Found>,
  does: EventChange["does"],
): EventChange[] => [...all].filter(([key]) => !others.has(key)).map(([, found]) => ({ ...found, does }));

function foundIn(states: readonly ResourceState[]): Map<string, Found> {
  const buses = states.filter(({ type }) => type === "aws_cloudwatch_event_bus");
  const targets = states.filter(({ type }) => type === "aws_cloudwatch_event_target");
  return new Map([
    ...buses.map((bus): [string, Found] => [`bus ${bus.text("name")}`, { kind: "bus", called: called(bus) }]),
    ...targets.flatMap((target) => deliveryOf(target, states)),
  ]);
}

/** A disabled rule delivers nothing. */
function deliveryOf(target: ResourceState, states: readonly ResourceState[]): [string, Found][] {
  const bus = busOf(target, states);
  const sameBus = states.filter((state) => state.type !== "aws_cloudwatch_event_rule" || busOf(state, states) === bus);
  const ruleName = target.text("rule");
  const rule = namedBy(ruleName, sameBus, { type: "aws_cloudwatch_event_rule", name: "name" });
  if (rule?.raw("state") === "DISABLED" || rule?.raw("is_enabled") === false) return [];
  const [pattern, schedule] = [compact(rule?.text("event_pattern")), rule?.text("schedule_expression")];
  const leadsTo = target.text("arn");
  const delivery = {
    kind: "delivery",
    rule,
    ruleName,
    bus: busPhrase(bus, states),
    pattern,
    schedule,
    leadsTo,
  } as const;
  return [[JSON.stringify([bus, rule?.text("name") ?? ruleName, pattern, schedule, leadsTo]), delivery]];
}

const DEFAULT_BUS = "default";

/** The address of the bus, or its name if it is not in the plan. */
function busOf(state: ResourceState, states: readonly ResourceState[]): string {
  const text = state.text("event_bus_name");
  return namedBy(text, states, { type: "aws_cloudwatch_event_bus", name: "name" })?.address ?? text ?? DEFAULT_BUS;
}

function busPhrase(bus: string, states: readonly ResourceState[]): Phrase {
  if (bus === DEFAULT_BUS) return ["the default event bus"];
  const state = states.find(({ address }) => address === bus);
  return state ? called(state) : say`event bus ${bus}`;
}

/** AWS returns patterns without their spaces. */
function compact(pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined;
  try {
    return JSON.stringify(JSON.parse(pattern));
  } catch {
    return pattern;
  }
}

export function eventPhrase(change: EventChange, call: Caller, dollarsPerMillion: number): Phrase {
  if (change.kind === "bus") return busChangePhrase(change, dollarsPerMillion);
  const { does, rule, ruleName, bus, pattern, schedule, leadsTo } = change;
  const by: Phrase = rule ? called(rule) : say`event rule ${ruleName ?? "that is not in the plan"}`;
  const go = does === "added" ? "now go" : "no longer go";
  const target: Phrase = leadsTo === undefined ? ["a target that the plan does not show"] : call(leadsTo);
  if (pattern !== undefined) return say`Events on ${bus} that match ${pattern} ${[go]} to ${target}, by ${by}.`;
  if (schedule !== undefined) return say`Events on the schedule ${schedule} ${[go]} to ${target}, by ${by}.`;
  return say`Events of ${by} on ${bus} ${[go]} to ${target}.`;
}

function busChangePhrase({ does, called: bus }: BusChange, dollarsPerMillion: number): Phrase {
  if (does === "removed")
    return strong(say`${sentenceCase(bus)} is destroyed: its rules stop, and events that are sent to it are lost.`);
  const price = `$${dollarsPerMillion.toFixed(2)}`;
  return say`${sentenceCase(bus)} is new: identities that may ${"events:PutEvents"} can send events to it, for ${[price]} a million.`;
}
