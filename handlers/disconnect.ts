import { presence } from "../aws/presence.ts";
import { forget } from "../chat/forget.ts";
import { type PresencePorts, sayFarewell } from "../chat/presence.ts";
import { type Handler, lambda } from "./lambda.ts";

export const disconnect: Handler<PresencePorts> = async (ports, { connection }) => {
  const connected = await forget(ports, connection.id);
  if (connected) await sayFarewell(ports, [connected]);
  return {};
};

export const handler = lambda(disconnect, presence);
