import { handOver } from "../aws/invoke-worker.ts";
import { presence } from "../aws/presence.ts";
import type { FarewellPorts } from "../chat/presence/farewell.ts";
import { disconnect } from "../chat/use-cases/disconnect.ts";
import { lambda } from "./runtime/lambda.ts";

export const disconnectLambda = (ports: FarewellPorts) =>
  lambda(async (own: FarewellPorts, { connection }) => ({ facts: await disconnect(own, connection.id) }), ports);

export const handler = disconnectLambda({ ...presence, handOver });
