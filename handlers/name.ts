import { presence } from "../aws/presence.ts";
import { now } from "../aws/runtime.ts";
import { looks } from "../aws/table/names.ts";
import { table } from "../aws/table/table.ts";
import { ChooseName } from "../chat/protocol/client-frames.ts";
import { name } from "../chat/use-cases/name.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(ChooseName, name, { ...presence, looks: looks(table, now) });
