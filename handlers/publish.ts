import { configOf } from "../aws/config.ts";
import { fanOutPorts } from "../aws/ports.ts";
import { newMessageId, now } from "../aws/runtime.ts";
import { publishedKey } from "../aws/table/keys.ts";
import { messages, repeats } from "../aws/table/messages.ts";
import { tableOf } from "../aws/table/table.ts";
import { publishLambda } from "./runtime/publish-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.publish);
const table = tableOf(config);

export const handler = publishLambda({
  ...(await fanOutPorts(config)),
  messages: messages(table, { now, retentionDays: config.messageRetentionDays }),
  repeats: repeats(table, now, publishedKey),
  publishRules: config.publishRules,
  newMessageId,
});
