import { readEventPattern } from "../event-bridge/event-pattern.ts";
import {
  type Attributes,
  type Resources,
  readEach,
  relatedResource,
  resourcesByAddress,
  resourcesOfType,
  type Value,
} from "./configuration.ts";
import { permits } from "./functions.ts";

/** A rule of EventBridge that invokes functions of the stack for events that match its pattern. */
export interface EventRuleConfig {
  readonly name: string;
  readonly arn: string;
  readonly address: string;
  readonly busName: string;
  readonly isEnabled: boolean;
  /** The JSON of the pattern. A function would not survive the comparison of two stacks. */
  readonly pattern: string;
  readonly targets: readonly EventTargetConfig[];
}

export interface EventTargetConfig {
  readonly address: string;
  readonly functionArn: string;
  /** Whether a permission of the function allows EventBridge to invoke it for the rule. */
  readonly mayInvoke: boolean;
  /** The ARN of the queue that receives events that cannot be delivered. */
  readonly deadLetterQueue: string | undefined;
}

/** Every account has this bus. It needs no resource. */
const DEFAULT_BUS = "default";

/** The names of the event buses of the stack. */
export const eventBusesOf = (resources: Resources): string[] => [
  DEFAULT_BUS,
  ...resourcesOfType(resources, "aws_cloudwatch_event_bus").map(({ name }) => String(name)),
];

/** Throws if AWS would reject a rule or a target, or if the emulator does not support it. */
export function eventRulesOf(resources: Resources): EventRuleConfig[] {
  const rules = readEach(resourcesByAddress(resources, "aws_cloudwatch_event_rule"), ([address, rule]) => {
    const busName = busNameOf(rule.event_bus_name);
    requireBus(resources, { busName, address });
    return {
      name: String(rule.name),
      arn: String(rule.arn),
      address,
      busName,
      isEnabled: String(rule.state ?? "ENABLED") !== "DISABLED" && String(rule.is_enabled ?? true) === "true",
      pattern: patternOf(rule, address),
      targets: targetsOf(resources, { rule, busName }),
    };
  });
  requireRules(resources);
  return rules;
}

/** An attribute can have the name of a bus, or its ARN. */
export const busNameOf = (bus: Value | undefined): string =>
  String(bus ?? DEFAULT_BUS).replace(/^arn:.*:event-bus\//, "");

function requireBus(
  resources: Resources,
  { busName, address }: { readonly busName: string; readonly address: string },
) {
  const known = eventBusesOf(resources);
  if (known.includes(busName)) return;
  throw new Error(
    `${address} refers to the event bus ${busName}, which is not in the stack. The stack has ${known.join(", ")}. Add an aws_cloudwatch_event_bus, or correct the reference.`,
  );
}

function patternOf({ event_pattern }: Attributes, address: string): string {
  if (event_pattern === undefined || event_pattern === null) {
    throw new Error(
      `${address} has no "event_pattern". The emulator supports only rules with one. For a schedule, use an aws_scheduler_schedule with a rate.`,
    );
  }
  const text = String(event_pattern);
  try {
    readEventPattern(text);
    return text;
  } catch (fault) {
    throw new Error(`The attribute "event_pattern" of ${address} cannot be used. ${(fault as Error).message}`, {
      cause: fault,
    });
  }
}

interface RuleUse {
  readonly rule: Attributes;
  readonly busName: string;
}

const isTargetOf = (target: Attributes, { rule, busName }: RuleUse): boolean =>
  target.rule === rule.name && busNameOf(target.event_bus_name) === busName;

const targetsOf = (resources: Resources, use: RuleUse): EventTargetConfig[] => {
  const targets = resourcesByAddress(resources, "aws_cloudwatch_event_target");
  return readEach(
    targets.filter(([, target]) => isTargetOf(target, use)),
    ([address, target]) => {
      const where = ({ arn }: Attributes) => arn === target.arn;
      const lambda = relatedResource(resources, "aws_lambda_function", { where, from: address });
      return {
        address,
        functionArn: String(lambda.arn),
        mayInvoke: permits(
          { ofFunctions: resourcesOfType(resources, "aws_lambda_permission") },
          {
            functionName: String(lambda.function_name),
            sourceArn: String(use.rule.arn),
            principal: "events.amazonaws.com",
          },
        ),
        deadLetterQueue: deadLetterQueueOf(resources, { address, target }),
      };
    },
  );
};

interface TargetUse {
  readonly address: string;
  readonly target: Attributes;
}

function deadLetterQueueOf(resources: Resources, { address, target }: TargetUse): string | undefined {
  const [config] = [target.dead_letter_config ?? []].flat() as readonly Attributes[];
  if (!config) return undefined;
  const where = ({ arn }: Attributes) => arn === config.arn;
  return String(relatedResource(resources, "aws_sqs_queue", { where, from: address }).arn);
}

/** A target whose rule does not exist is refused, because it would never be invoked. */
function requireRules(resources: Resources): void {
  const rules = resourcesOfType(resources, "aws_cloudwatch_event_rule");
  readEach(resourcesByAddress(resources, "aws_cloudwatch_event_target"), ([address, target]) => {
    const isOwn = (rule: Attributes) => isTargetOf(target, { rule, busName: busNameOf(rule.event_bus_name) });
    if (rules.some(isOwn)) return;
    throw new Error(
      `${address} refers to the rule ${target.rule} of the event bus ${busNameOf(target.event_bus_name)}, which is not in the stack. Add the rule, or set "rule" and "event_bus_name" to those of a rule.`,
    );
  });
}
