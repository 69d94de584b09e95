import { configOf } from "../aws/config.ts";
import { fanOutPorts } from "../aws/ports.ts";
import { probe } from "../aws/push/management-api.ts";
import { type FanOutPorts, resume } from "../chat/fan-out/fan-out.ts";
import type { StalledPorts } from "../chat/fan-out/stalled.ts";
import { taskIn } from "../chat/fan-out/tasks.ts";
import { resumeFarewells } from "../chat/presence/farewell.ts";
import { type Worker, workerLambda } from "./runtime/worker-lambda.ts";
import { settings } from "./settings.ts";

/** Does what another function has left: of a fan-out, or of the notices to the channels of connections that are gone. */
export const work: Worker<unknown, FanOutPorts & StalledPorts> = async (ports, { task: event, deadline }) => {
  const task = taskIn(event);
  if (task.kind === "farewells") {
    return { farewells: task.farewells.length, ...(await resumeFarewells(ports, task, { deadline })) };
  }
  const { channel, shard } = task.shard;
  const tally = await resume(ports, task, { deadline });
  return { channel, shard, tally };
};

const config = configOf(settings["fan-out"]);

export const handler = workerLambda(work, { ...fanOutPorts(config), probe: probe(config) });
