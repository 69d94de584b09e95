import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { members as membersOf } from "../aws/table/members.ts";
import { table } from "../aws/table/table.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { ListMembers } from "../chat/protocol/client-frames.ts";
import { members } from "../chat/use-cases/members.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(ListMembers, members, {
  ...takingFrames,
  channels: channels(table, now),
  members: membersOf(table, now),
});
