import { configOf } from "../aws/config.ts";
import { putEvents } from "../aws/events/put-events.ts";
import { metrics } from "../aws/metrics.ts";
import { pause, random } from "../aws/runtime.ts";
import { sendEvents } from "../chat/use-cases/send-events.ts";
import { workerLambda } from "./runtime/lambda.ts";
import * as settings from "./settings.ts";

export const handler = workerLambda(sendEvents, {
  putEvents: putEvents(configOf(settings.events)),
  count: metrics.count,
  pause,
  random,
});
