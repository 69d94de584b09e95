import { fanningOut } from "../aws/fan-out.ts";
import { type FanOutPorts, type FanOutTask, resume } from "../chat/fan-out.ts";
import { type Worker, workerLambda } from "./worker-lambda.ts";

/** Delivers what another function left of a fan-out. */
export const work: Worker<FanOutTask, FanOutPorts> = async (ports, { task, deadline }) => {
  const { channel, shard } = task.shard;
  const tally = await resume(ports, task, { deadline });
  return { channel, shard, tally };
};

export const handler = workerLambda(work, fanningOut);
