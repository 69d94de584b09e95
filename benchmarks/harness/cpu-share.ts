import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/**
 * Lambda gives a function a share of a core in proportion to its memory, and a full core while it starts: at 1,769 MB, the
 * share is one core. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
export const shareOf = (megabytes: number): number => Math.min(1, megabytes / 1769);

const PERIOD_MILLISECONDS = 20;
const CHECK_MILLISECONDS = 1;

/**
 * Gives a process a share of a core, like Linux's CPU quota but without its privileges: once the process has used its part of
 * a period, it is stopped for the rest. What it used in excess counts for the next periods. Returns a function that gives it
 * a full core again. Requires Linux: elsewhere, the process keeps its full core.
 */
export function limitCpu(child: ChildProcess, share: number): () => void {
  const quota = PERIOD_MILLISECONDS * share;
  let isStopped = false;
  let periodEnd = performance.now() + PERIOD_MILLISECONDS;
  let limit = cpuMillisecondsOf(child) + quota;
  const check = (): void => {
    const [now, used] = [performance.now(), cpuMillisecondsOf(child)];
    while (now >= periodEnd) {
      periodEnd += PERIOD_MILLISECONDS;
      // A part that was not used is lost, as with a quota.
      limit = Math.min(limit, used) + quota;
    }
    if (used >= limit === isStopped) return;
    isStopped = !isStopped;
    child.kill(isStopped ? "SIGSTOP" : "SIGCONT");
  };
  const timer = setInterval(check, CHECK_MILLISECONDS);
  return () => {
    clearInterval(timer);
    child.kill("SIGCONT");
  };
}

/** The CPU time of all threads so far. https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat */
function cpuMillisecondsOf({ pid }: ChildProcess): number {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return 0;
  return readdirSync(tasks).reduce((sum, task) => sum + nanosecondsIn(`${tasks}/${task}/schedstat`) / 1e6, 0);
}

/** 0 for a thread that has just ended. */
function nanosecondsIn(path: string): number {
  try {
    return Number(readFileSync(path, "latin1").split(" ", 1)[0]);
  } catch {
    return 0;
  }
}
