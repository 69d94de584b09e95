import type { Clock } from "../clock.ts";
import { denialOf } from "../iam/guard.ts";
import { assumedRole } from "../iam/principal.ts";
import type { LambdaFunction } from "../lambda/function.ts";
import type { ScheduleConfig } from "../terraform/schedules.ts";
import type { Stack } from "../terraform/stack.ts";

export interface SchedulerOptions {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly clock: Clock;
  /** Whether the roles of schedules are evaluated. */
  readonly iam: boolean;
  /** Takes a sentence about what was refused. */
  readonly report: (sentence: string) => void;
}

export interface Scheduler {
  /** Invokes, by the name of a schedule, what that would invoke when its time comes. */
  readonly schedules: ReadonlyMap<string, () => void>;
  stop(): void;
}

/**
 * Plays EventBridge Scheduler. Intervals count from now on: AWS also invokes as soon as a schedule is made, but a start of
 * the emulator makes none.
 */
export function startScheduler(stack: Stack, options: SchedulerOptions): Scheduler {
  const stops = new Map<ScheduleConfig, () => void>();
  const { clock } = options;
  const wait = (schedule: ScheduleConfig, at: number): void => {
    const tick = (): void => {
      // A clock may be back before so long a time is over.
      const isDue = clock.now() >= at;
      if (isDue) fire(schedule, { ...options, stack });
      wait(schedule, isDue ? at + schedule.intervalMilliseconds : at);
    };
    stops.set(schedule, clock.after(at - clock.now(), tick));
  };
  for (const schedule of stack.schedules) {
    if (schedule.isEnabled) wait(schedule, clock.now() + schedule.intervalMilliseconds);
  }
  return {
    schedules: new Map(stack.schedules.map((schedule) => [schedule.name, () => fire(schedule, { ...options, stack })])),
    stop() {
      for (const stop of stops.values()) stop();
    },
  };
}

/** In the schedule's role. What Lambda takes it runs and runs again by itself. */
function fire(
  { name, roleArn, functionArn, event }: ScheduleConfig,
  { stack, functions, iam, report }: Omit<SchedulerOptions, "clock"> & { readonly stack: Stack },
): void {
  const role = stack.roles.get(roleArn);
  const access = { action: "lambda:InvokeFunction", resource: functionArn };
  const { accountId, region } = stack;
  const principal = role && assumedRole(role, { accountId, sessionName: name });
  if (iam && principal && denialOf(principal, access, { region, report })) return;
  [...functions.values()].find(({ config }) => config.arn === functionArn)?.invokeAsync(event);
}
