import { configOf } from "../aws/config.ts";
import { fanOutPorts, framePorts } from "../aws/ports.ts";
import { newMessageId, now } from "../aws/runtime.ts";
import { messages } from "../aws/table/messages.ts";
import { tableOf } from "../aws/table/table.ts";
import { Delete } from "../chat/protocol/client-frames.ts";
import { deleteMessage } from "../chat/use-cases/delete.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.deleteMessage);

export const handler = routeResponseLambda(Delete, deleteMessage, {
  ...framePorts(config),
  ...(await fanOutPorts(config)),
  messages: messages(tableOf(config), { now, retentionDays: config.messageRetentionDays }),
  moderators: config.moderators,
  ownMessageMinutes: config.ownMessageMinutes,
  newMessageId,
});
