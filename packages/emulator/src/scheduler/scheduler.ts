import type { Clock } from "../clock.ts";
import { denialOf } from "../iam/guard.ts";
import { assumedRole } from "../iam/principal.ts";
import type { Observe, Report } from "../inspector/events.ts";
import type { LambdaFunction } from "../lambda/function.ts";
import type { ScheduleConfig } from "../terraform/schedules.ts";
import type { Stack } from "../terraform/stack.ts";

export interface SchedulerOptions {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly clock: Clock;
  /** Whether the role of a schedule must permit the invocation. */
  readonly iam: boolean;
  /** Receives an explanation of each invocation that was denied. */
  readonly report: Report;
  readonly observe?: Observe | undefined;
}

export interface Scheduler {
  /** Functions that invoke the target of a schedule now, by the name of the schedule. */
  readonly schedules: ReadonlyMap<string, () => void>;
  stop(): void;
}

/**
 * Starts the schedules. The first interval begins now. AWS also invokes the target when a schedule is created; the
 * emulator does not, because its start does not create the schedule.
 */
export function startScheduler(stack: Stack, options: SchedulerOptions): Scheduler {
  const cancels = new Map<ScheduleConfig, () => void>();
  const { clock } = options;
  const waitUntil = (schedule: ScheduleConfig, at: number): void => {
    const tick = (): void => {
      // The clock can call back early, because the delay of a Node.js timer has a maximum.
      const isDue = clock.now() >= at;
      if (isDue) invokeTarget(schedule, { ...options, stack });
      waitUntil(schedule, isDue ? at + schedule.intervalMilliseconds : at);
    };
    cancels.set(schedule, clock.after(at - clock.now(), tick));
  };
  for (const schedule of stack.schedules) {
    if (schedule.isEnabled) waitUntil(schedule, clock.now() + schedule.intervalMilliseconds);
  }
  return {
    schedules: new Map(
      stack.schedules.map((schedule) => [schedule.name, () => invokeTarget(schedule, { ...options, stack })]),
    ),
    stop() {
      for (const cancel of cancels.values()) cancel();
    },
  };
}

/**
 * Invokes the function with the permissions of the schedule's role. Retries are up to Lambda, because the invocation is
 * asynchronous.
 */
function invokeTarget(
  { name, roleArn, functionArn, event }: ScheduleConfig,
  { stack, functions, iam, report, observe }: Omit<SchedulerOptions, "clock"> & { readonly stack: Stack },
): void {
  const role = stack.roles.get(roleArn);
  const access = { action: "lambda:InvokeFunction", resource: functionArn };
  const { accountId, region } = stack;
  const principal = role && assumedRole(role, { accountId, sessionName: name });
  if (iam && principal && denialOf(principal, access, { region, report })) return;
  observe?.({ kind: "scheduled", name });
  [...functions.values()].find(({ config }) => config.arn === functionArn)?.invokeAsync(event);
}
