import { handOver } from "../aws/invoke-worker.ts";
import { presence } from "../aws/presence.ts";
import { type FarewellPorts, sayEveryFarewell } from "../chat/presence/farewell.ts";
import { forget } from "../chat/presence/forget.ts";
import { type Handler, lambda } from "./runtime/lambda.ts";

export const disconnect: Handler<FarewellPorts> = async (ports, { connection }) => {
  const connected = await forget(ports, connection.id);
  return connected ? { facts: await sayEveryFarewell(ports, [connected]) } : {};
};

export const handler = lambda(disconnect, { ...presence, handOver });
