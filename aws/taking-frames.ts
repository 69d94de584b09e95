import { close } from "./push/close.ts";
import { messageRate, now } from "./runtime.ts";
import { connections } from "./table/connections.ts";
import { rates } from "./table/rates.ts";
import { table } from "./table/table.ts";

/** What a function needs to take a client's frame. */
export const takingFrames = { connections: connections(table, now), rates: rates(table, now), close, now, messageRate };
