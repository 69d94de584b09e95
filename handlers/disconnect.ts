import { configOf } from "../aws/config.ts";
import { handOver } from "../aws/invoke-worker.ts";
import { presencePorts } from "../aws/ports.ts";
import type { DeparturePorts } from "../chat/presence/departures.ts";
import { disconnect } from "../chat/use-cases/disconnect.ts";
import { lambda } from "./runtime/lambda.ts";
import * as settings from "./settings.ts";

export const disconnectLambda = (ports: DeparturePorts) =>
  lambda(async (own: DeparturePorts, { connection }) => ({ facts: await disconnect(own, connection.id) }), ports);

const config = configOf(settings.disconnect);

export const handler = disconnectLambda({ ...presencePorts(config), handOver: handOver(config) });
