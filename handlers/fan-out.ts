import { configOf } from "../aws/config.ts";
import { fanOutPorts } from "../aws/ports.ts";
import { probe } from "../aws/push/management-api.ts";
import { runTask } from "../chat/use-cases/run-task.ts";
import { workerLambda } from "./runtime/worker-lambda.ts";
import { fanOutWorkerSettings } from "./settings.ts";

const config = configOf(fanOutWorkerSettings);

export const handler = workerLambda(runTask, { ...fanOutPorts(config), probe: probe(config) });
