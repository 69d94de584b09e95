import { type FanOutPorts, runFanOutTask } from "../fan-out/fan-out.ts";
import type { StalledPorts } from "../fan-out/stalled-connections.ts";
import { taskIn } from "../fan-out/tasks.ts";
import { runDepartureTask } from "../presence/departures.ts";

/**
 * Runs a task that another function handed over: a part of a fan-out, or notices about connections that were removed.
 * Returns facts for the log. Throws if Lambda should retry the task.
 */
export async function runTask(
  ports: FanOutPorts & StalledPorts,
  { task: event, deadline }: { readonly task: unknown; readonly deadline: number },
): Promise<object> {
  const task = taskIn(event);
  if (task.kind === "departures") {
    return { departures: task.departures.length, ...(await runDepartureTask(ports, task, { deadline })) };
  }
  const { channel, shard } = task.shard;
  return { channel, shard, tally: await runFanOutTask(ports, task, { deadline }) };
}
