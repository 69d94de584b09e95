import { configOf } from "../aws/config.ts";
import { fanOutPorts, framePorts } from "../aws/ports.ts";
import { reviewer } from "../aws/review.ts";
import { newMessageId, now } from "../aws/runtime.ts";
import { messages, repeats } from "../aws/table/messages.ts";
import { mutes } from "../aws/table/moderation.ts";
import { tableOf } from "../aws/table/table.ts";
import { SendMessage } from "../chat/protocol/send-message-frame.ts";
import { sendMessage } from "../chat/use-cases/send-message.ts";
import { pushReplyLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.sendMessage);
const table = tableOf(config);

export const handler = pushReplyLambda(SendMessage, sendMessage, {
  ...framePorts(config),
  ...(await fanOutPorts(config)),
  messages: messages(table, { now, retentionDays: config.messageRetentionDays }),
  repeats: repeats(table, now),
  mutes: mutes(table, now),
  moderators: config.moderators,
  ownMessageMinutes: config.ownMessageMinutes,
  reviewer: reviewer(config),
  newMessageId,
});
