import { configOf } from "../aws/config.ts";
import { framePorts, presencePorts } from "../aws/ports.ts";
import { now } from "../aws/runtime.ts";
import { tableOf } from "../aws/table/table.ts";
import { looks } from "../aws/table/users.ts";
import { ChooseName } from "../chat/protocol/client-frames.ts";
import { name } from "../chat/use-cases/name.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.name);

export const handler = routeResponseLambda(ChooseName, name, {
  ...framePorts(config),
  ...presencePorts(config),
  looks: looks(tableOf(config), now),
});
