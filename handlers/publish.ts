import { configOf } from "../aws/config.ts";
import { fanOutPorts } from "../aws/ports.ts";
import { newMessageId, now } from "../aws/runtime.ts";
import { conversations, knownUsers } from "../aws/table/conversations.ts";
import { pairOf, publishedKey } from "../aws/table/keys.ts";
import { messages, repeats } from "../aws/table/messages.ts";
import { tableOf } from "../aws/table/table.ts";
import { publishLambda } from "./runtime/publish-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.publish);
const table = tableOf(config);
const log = { now, retentionDays: config.messageRetentionDays };

export const handler = publishLambda({
  ...(await fanOutPorts(config)),
  messages: messages(table, log),
  repeats: repeats(table, now, publishedKey),
  conversations: conversations(table, log),
  knownUsers: knownUsers(table),
  directConversations: config.directConversations,
  pairOf,
  publishRules: config.publishRules,
  newMessageId,
});
