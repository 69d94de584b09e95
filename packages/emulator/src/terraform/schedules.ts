import { holds, readConditions } from "../iam/conditions.ts";
import { list, record } from "../iam/document.ts";
import {
  type Attributes,
  block,
  type Resources,
  readEach,
  relatedResource,
  resourcesByAddress,
} from "./configuration.ts";

/** A schedule of EventBridge Scheduler that invokes a function of the stack at regular intervals. */
export interface ScheduleConfig {
  readonly name: string;
  readonly intervalMilliseconds: number;
  readonly isEnabled: boolean;
  readonly functionArn: string;
  /** The role that the scheduler assumes to invoke the function. */
  readonly roleArn: string;
  /** The event that the function receives. */
  readonly event: unknown;
}

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: 24 * 60 * MINUTE };

const TARGET_ATTRIBUTES = ["arn", "role_arn", "input", "retry_policy", "dead_letter_config"];

/** Throws if AWS would reject a schedule, or if the emulator does not support it. */
export const schedulesOf = (resources: Resources): ScheduleConfig[] =>
  readEach(resourcesByAddress(resources, "aws_scheduler_schedule"), ([address, schedule]) => {
    const target = block(schedule.target);
    const unknown = Object.keys(target).find((name) => !TARGET_ATTRIBUTES.includes(name));
    if (unknown) {
      const supported = TARGET_ATTRIBUTES.join(", ");
      throw new Error(
        `The emulator does not support "${unknown}" in the target of ${address}. It supports ${supported}.`,
      );
    }
    const lambda = relatedResource(resources, "aws_lambda_function", {
      where: ({ arn }) => arn === target.arn,
      from: address,
    });
    requireTrust(resources, { address, schedule, roleArn: String(target.role_arn) });
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
    `The emulator does not support the schedule expression ${expression} of ${address}. Use a rate in minutes, hours or days, such as rate(30 days).`,
  );
}

function eventOf(input: string, address: string): unknown {
  try {
    return JSON.parse(input);
  } catch (fault) {
    throw new Error(`The attribute target.input of ${address} is not valid JSON. Set it to a JSON string.`, {
      cause: fault,
    });
  }
}

interface RoleUse {
  readonly address: string;
  readonly schedule: Attributes;
  readonly roleArn: string;
}

/**
 * AWS rejects a schedule if the scheduler cannot assume its role for schedules of its group.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
 */
function requireTrust(resources: Resources, { address, schedule, roleArn }: RoleUse): void {
  const role = relatedResource(resources, "aws_iam_role", { where: ({ arn }) => arn === roleArn, from: address });
  const group = schedule.group_name ?? "default";
  const groups = Object.values(resources.aws_scheduler_schedule_group ?? {});
  const sourceArn = String(groups.find(({ name }) => name === group)?.arn ?? "");
  const statements = list(record(JSON.parse(String(role.assume_role_policy)), "A trust policy").Statement);
  const isTrusted = statements.some((statement) => trusts(record(statement, "A statement"), sourceArn));
  if (isTrusted) return;
  throw new Error(
    `The trust policy of the role of ${address} does not allow sts:AssumeRole to scheduler.amazonaws.com for the group ${group}. Add a statement that does.`,
  );
}

function trusts({ Effect, Principal, Action, Condition = {} }: Readonly<Record<string, unknown>>, sourceArn: string) {
  const services = list(record(Principal ?? {}, "A Principal").Service);
  const [, , , , accountId = ""] = sourceArn.split(":");
  const context = { "aws:sourcearn": [sourceArn], "aws:sourceaccount": [accountId] };
  return (
    Effect === "Allow" &&
    services.includes("scheduler.amazonaws.com") &&
    list(Action).includes("sts:AssumeRole") &&
    readConditions(record(Condition, "A Condition")).every((condition) => holds(condition, context))
  );
}
