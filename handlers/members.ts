import { configOf } from "../aws/config.ts";
import { framePorts } from "../aws/ports.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { members as membersOf } from "../aws/table/members.ts";
import { tableOf } from "../aws/table/table.ts";
import { ListMembers } from "../chat/protocol/list-frames.ts";
import { members } from "../chat/use-cases/members.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.members);
const table = tableOf(config);

export const handler = routeResponseLambda(ListMembers, members, {
  ...framePorts(config),
  channels: channels(table, now),
  members: membersOf(table, now),
});
