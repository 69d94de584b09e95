import { fanningOut } from "../aws/fan-out.ts";
import { moderators, newMessageId, now, retentionDays } from "../aws/runtime.ts";
import { messages } from "../aws/table/messages.ts";
import { mutes } from "../aws/table/mutes.ts";
import { repeats } from "../aws/table/repeats.ts";
import { table } from "../aws/table/table.ts";
import { SendMessage } from "../chat/protocol/client-frames.ts";
import { sendMessage } from "../chat/use-cases/send-message.ts";
import { pushingLambda } from "./runtime/frame-lambda.ts";

export const handler = pushingLambda(SendMessage, sendMessage, {
  ...fanningOut,
  messages: messages(table, { now, retentionDays }),
  repeats: repeats(table, now),
  mutes: mutes(table, now),
  moderators,
  newMessageId,
});
