import { isDeepStrictEqual } from "node:util";
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
  /** Functions that invoke the target of a schedule now, by the name of the schedule. Always shows the current state. */
  readonly schedules: ReadonlyMap<string, () => void>;
  /** Follows a changed stack. The interval of an unchanged schedule continues. */
  update(stack: Stack): void;
  stop(): void;
}

/**
 * Starts the schedules. The first interval begins now. AWS also invokes the target when a schedule is created; the
 * emulator does not, because its start does not create the schedule.
 */
export function startScheduler(initial: Stack, options: SchedulerOptions): Scheduler {
  const { clock } = options;
  const running = new Map<string, { readonly schedule: ScheduleConfig; cancel: () => void }>();
  const schedules = new Map<string, () => void>();
  let stack = initial;
  const invoke = (schedule: ScheduleConfig): void => invokeTarget(schedule, { ...options, stack });
  const waitUntil = (schedule: ScheduleConfig, at: number): void => {
    const tick = (): void => {
      // The clock can call back early, because the delay of a Node.js timer has a maximum.
      const now = clock.now();
      // Intervals that passed at once, such as while the computer slept, result in one invocation.
      const passed = Math.floor((now - at) / schedule.intervalMilliseconds) + 1;
      waitUntil(schedule, Math.max(at, at + passed * schedule.intervalMilliseconds));
      if (now >= at) invoke(schedule);
    };
    running.set(schedule.name, { schedule, cancel: clock.after(at - clock.now(), tick) });
  };
  const stop = (name: string): void => {
    running.get(name)?.cancel();
    running.delete(name);
  };
  const update = (next: Stack): void => {
    stack = next;
    const enabled = new Map(next.schedules.filter(({ isEnabled }) => isEnabled).map((each) => [each.name, each]));
    for (const [name, { schedule }] of running) {
      if (isDeepStrictEqual(schedule, enabled.get(name))) enabled.delete(name);
      else stop(name);
    }
    for (const schedule of enabled.values()) waitUntil(schedule, clock.now() + schedule.intervalMilliseconds);
    schedules.clear();
    for (const schedule of next.schedules) schedules.set(schedule.name, () => invoke(schedule));
  };
  update(initial);
  return {
    schedules,
    update,
    stop() {
      for (const name of running.keys()) stop(name);
    },
  };
}

/**
 * Invokes the function with the permissions of the schedule's role. Retries are up to Lambda, because the invocation is
 * asynchronous.
 */
function invokeTarget(
  { name, roleArn, functionArn, event }: ScheduleConfig,
  { stack, functions, clock, iam, report, observe }: SchedulerOptions & { readonly stack: Stack },
): void {
  const role = stack.roles.get(roleArn);
  const access = { action: "lambda:InvokeFunction", resource: functionArn };
  const { accountId, region } = stack;
  const principal = role && assumedRole(role, { accountId, sessionName: name });
  if (iam && principal && denialOf(principal, access, { region, now: clock.now, report })) return;
  observe?.({ kind: "scheduled", name });
  [...functions.values()].find(({ config }) => config.arn === functionArn)?.invokeAsync(event);
}
