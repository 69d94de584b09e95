import { configOf } from "../aws/config.ts";
import { fanOutPorts } from "../aws/ports.ts";
import { probe } from "../aws/push/management-api.ts";
import { runTask } from "../chat/use-cases/run-task.ts";
import { workerLambda } from "./runtime/lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.fanOutWorker);

export const handler = workerLambda(runTask, { ...(await fanOutPorts(config)), probe: probe(config) });
