import { configOf } from "../aws/config.ts";
import { fanOutPorts, framePorts } from "../aws/ports.ts";
import { newMessageId, now } from "../aws/runtime.ts";
import { conversations } from "../aws/table/conversations.ts";
import { pairOf } from "../aws/table/keys.ts";
import { messages } from "../aws/table/messages.ts";
import { mutes } from "../aws/table/moderation.ts";
import { reactions } from "../aws/table/reactions.ts";
import { tableOf } from "../aws/table/table.ts";
import { React } from "../chat/protocol/react-frame.ts";
import { react } from "../chat/use-cases/react.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.react);
const table = tableOf(config);
const retention = { now, retentionDays: config.messageRetentionDays };

export const handler = routeResponseLambda(React, react, {
  ...framePorts(config),
  ...(await fanOutPorts(config)),
  messages: messages(table, retention),
  conversations: conversations(table, retention),
  reactions: reactions(table, retention),
  mutes: mutes(table, now),
  moderators: config.moderators,
  directConversations: config.directConversations,
  pairOf,
  newMessageId,
});
