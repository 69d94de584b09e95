import { now, retentionDays } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { messages } from "../aws/table/messages.ts";
import { table } from "../aws/table/table.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { History } from "../chat/protocol/client-frames.ts";
import { history } from "../chat/use-cases/history.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(History, history, {
  ...takingFrames,
  channels: channels(table, now),
  messages: messages(table, { now, retentionDays }),
});
