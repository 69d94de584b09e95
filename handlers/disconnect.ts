import { configOf } from "../aws/config.ts";
import { handOver } from "../aws/invoke-worker.ts";
import { presencePorts } from "../aws/ports.ts";
import { type FarewellPorts, sayEveryFarewell } from "../chat/presence/farewell.ts";
import { forget } from "../chat/presence/forget.ts";
import { type Handler, lambda } from "./runtime/lambda.ts";
import { settings } from "./settings.ts";

export const disconnect: Handler<FarewellPorts> = async (ports, { connection }) => {
  const connected = await forget(ports, connection.id);
  return connected ? { facts: await sayEveryFarewell(ports, [connected]) } : {};
};

const config = configOf(settings.disconnect);

export const handler = lambda(disconnect, { ...presencePorts(config), handOver: handOver(config) });
