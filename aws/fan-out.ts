import type { FanOutPorts } from "../chat/fan-out/fan-out.ts";
import { loadPool } from "./http/undici-transport.ts";
import { handOver } from "./invoke-worker.ts";
import { presence } from "./presence.ts";
import { now } from "./runtime.ts";
import { channels } from "./table/channels.ts";
import { table } from "./table/table.ts";

// Whoever fans out will push, and while a function starts CPU is free.
void loadPool();

/** What a function needs to tell a channel's whole audience something, however many they are. */
export const fanningOut = {
  ...presence,
  channels: channels(table, now),
  handOver,
} satisfies FanOutPorts;
