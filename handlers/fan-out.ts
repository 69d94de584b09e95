import { fanningOut } from "../aws/fan-out.ts";
import { probe } from "../aws/push/probe.ts";
import { runTask } from "../chat/use-cases/run-task.ts";
import { workerLambda } from "./runtime/worker-lambda.ts";

export const handler = workerLambda(runTask, { ...fanningOut, probe });
