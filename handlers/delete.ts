import { fanningOut } from "../aws/fan-out.ts";
import { moderators, newMessageId, now, retentionDays } from "../aws/runtime.ts";
import { messages } from "../aws/table/messages.ts";
import { table } from "../aws/table/table.ts";
import { Delete } from "../chat/protocol/client-frames.ts";
import { deleteMessage } from "../chat/use-cases/delete.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(Delete, deleteMessage, {
  ...fanningOut,
  messages: messages(table, { now, retentionDays }),
  moderators,
  newMessageId,
});
