import { handOver } from "../aws/hand-over.ts";
import { presence } from "../aws/presence.ts";
import { type FarewellPorts, sayEveryFarewell } from "../chat/farewell.ts";
import { forget } from "../chat/forget.ts";
import { type Handler, lambda } from "./lambda.ts";

export const disconnect: Handler<FarewellPorts> = async (ports, { connection }) => {
  const connected = await forget(ports, connection.id);
  return connected ? { facts: await sayEveryFarewell(ports, [connected]) } : {};
};

export const handler = lambda(disconnect, { ...presence, handOver });
