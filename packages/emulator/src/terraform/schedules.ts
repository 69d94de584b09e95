import { holds, readConditions } from "../iam/conditions.ts";
import { list, record } from "../iam/document.ts";
import { type Attributes, block, type Resources } from "./configuration.ts";
import { relatedResource, resourcesByAddress } from "./resource-lookup.ts";

/** A schedule of EventBridge Scheduler that invokes a function of the stack at regular intervals. */
export interface ScheduleConfig {
  readonly name: string;
  readonly intervalMilliseconds: number;
  readonly isEnabled: boolean;
  readonly functionArn: string;
  /** In which the scheduler invokes it. */
  readonly roleArn: string;
  /** What the function gets. */
  readonly event: unknown;
}

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: 24 * 60 * MINUTE };

const TARGET = ["arn", "role_arn", "input", "retry_policy", "dead_letter_config"];

/** Throws, naming it, at a schedule that AWS would refuse, or that would have to be passed over. */
export const schedulesOf = (resources: Resources): ScheduleConfig[] =>
  resourcesByAddress(resources, "aws_scheduler_schedule").map(([address, schedule]) => {
    const target = block(schedule.target);
    const unknown = Object.keys(target).find((name) => !TARGET.includes(name));
    if (unknown) throw new Error(`The emulator cannot play "${unknown}" of the target of ${address}.`);
    const lambda = relatedResource(resources, "aws_lambda_function", {
      where: ({ arn }) => arn === target.arn,
      from: address,
    });
    refuseUntrusted(resources, { address, schedule, roleArn: String(target.role_arn) });
    return {
      name: String(schedule.name),
      intervalMilliseconds: intervalOf(String(schedule.schedule_expression), address),
      isEnabled: schedule.state !== "DISABLED",
      functionArn: String(lambda.arn),
      roleArn: String(target.role_arn),
      event: eventOf(String(target.input), address),
    };
  });

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based */
function intervalOf(expression: string, address: string): number {
  const [, count, unit = ""] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const milliseconds = Number(count) * (UNITS[unit] ?? 0);
  if (milliseconds > 0) return milliseconds;
  throw new Error(
    `The emulator cannot play the schedule ${expression} of ${address}. It knows rate(30 days) and the like.`,
  );
}

function eventOf(input: string, address: string): unknown {
  try {
    return JSON.parse(input);
  } catch (fault) {
    throw new Error(`The input of ${address} is no JSON. The function would get nothing that it can read.`, {
      cause: fault,
    });
  }
}

interface Trusting {
  readonly address: string;
  readonly schedule: Attributes;
  readonly roleArn: string;
}

/** AWS makes no schedule in whose role the scheduler cannot be, for schedules of its group. */
function refuseUntrusted(resources: Resources, { address, schedule, roleArn }: Trusting): void {
  const role = relatedResource(resources, "aws_iam_role", { where: ({ arn }) => arn === roleArn, from: address });
  const group = schedule.group_name ?? "default";
  const groups = Object.values(resources.aws_scheduler_schedule_group ?? {});
  const sourceArn = String(groups.find(({ name }) => name === group)?.arn ?? "");
  const statements = list(record(JSON.parse(String(role.assume_role_policy)), "A trust policy").Statement);
  const isTrusted = statements.some((statement) => trusts(record(statement, "A statement"), sourceArn));
  if (isTrusted) return;
  throw new Error(`The role of ${address} does not let scheduler.amazonaws.com assume it for the group ${group}.`);
}

function trusts({ Effect, Principal, Action, Condition = {} }: Readonly<Record<string, unknown>>, sourceArn: string) {
  const services = list(record(Principal ?? {}, "A Principal").Service);
  const context = { "aws:sourcearn": [sourceArn] };
  return (
    Effect === "Allow" &&
    services.includes("scheduler.amazonaws.com") &&
    list(Action).includes("sts:AssumeRole") &&
    readConditions(record(Condition, "A Condition")).every((condition) => holds(condition, context))
  );
}
