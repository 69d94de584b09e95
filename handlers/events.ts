import { configOf } from "../aws/config.ts";
import { putEvents } from "../aws/events/put-events.ts";
import { metrics } from "../aws/metrics.ts";
import { digestOf, now, pause, random } from "../aws/runtime.ts";
import { tableOf } from "../aws/table/table.ts";
import { userStatus } from "../aws/table/user-status.ts";
import { sendEvents } from "../chat/use-cases/send-events.ts";
import { workerLambda } from "./runtime/lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.events);

export const handler = workerLambda(sendEvents, {
  putEvents: putEvents(config),
  // Only authenticated users have items in the table, and the role can read them.
  statusOf: config.authentication === "none" ? undefined : userStatus(tableOf(config), { ...config, now }),
  checksBans: config.checksBans,
  directConversations: config.directConversations,
  lastingMembership: config.lastingMembership,
  privateChannels: config.privateChannels,
  digestOf,
  count: metrics.count,
  pause,
  random,
});
