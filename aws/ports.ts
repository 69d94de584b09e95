import type { FanOutPorts } from "../chat/fan-out/fan-out.ts";
import type { Connections } from "../chat/ports.ts";
import type { PresencePorts } from "../chat/presence/presence.ts";
import type { AcceptFramePorts } from "../chat/use-cases/accept-frame.ts";
import type { Config } from "./config.ts";
import { emitter } from "./events/event-queue.ts";
import { connectInAdvance } from "./http/signed-requests.ts";
import { handOver } from "./invoke-worker.ts";
import { metrics } from "./metrics.ts";
import { close, push } from "./push/management-api.ts";
import { now, pause, random } from "./runtime.ts";
import { addresses } from "./table/addresses.ts";
import { channels } from "./table/channels.ts";
import { connections } from "./table/connections.ts";
import { members } from "./table/members.ts";
import { rates } from "./table/rates.ts";
import { tableOf } from "./table/table.ts";
import { names, users } from "./table/users.ts";

/* The ports that functions share. Each takes the settings that it needs. */

type FrameSettings = Pick<Config, "tableName" | "managementEndpoint" | "messageRate">;
type PresenceSettings = Pick<
  Config,
  "tableName" | "managementEndpoint" | "presenceMembersMax" | "connectionsPerAddressMax" | "eventsFunction"
>;

/** To handle a client's frame. */
export function framePorts(config: FrameSettings): AcceptFramePorts & { readonly connections: Connections } {
  const table = tableOf(config);
  return {
    connections: connections(table, now),
    rates: rates(table, now),
    close: close(config),
    now,
    messageRate: config.messageRate,
  };
}

/** To notify the members of a channel, and to remove the connections that turn out to be gone. */
export function presencePorts(config: PresenceSettings) {
  const table = tableOf(config);
  return {
    connections: connections(table, now),
    members: members(table, now),
    names: names(table, now),
    users: users(table, now),
    addresses: addresses(table, now),
    push: push(config),
    close: close(config),
    now,
    pause,
    random,
    count: (metric, value) => metrics.count(metric, value),
    emit: emitter(config),
    presenceMembersMax: config.presenceMembersMax,
    connectionsPerAddressMax: config.connectionsPerAddressMax,
  } satisfies PresencePorts;
}

/** To deliver to the whole audience of a channel, of any size. */
export async function fanOutPorts(config: PresenceSettings & Pick<Config, "fanOutFunction">) {
  await connectInAdvance(config.managementEndpoint);
  return {
    ...presencePorts(config),
    channels: channels(tableOf(config), now),
    handOver: handOver(config),
  } satisfies FanOutPorts;
}
