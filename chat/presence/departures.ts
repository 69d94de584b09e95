import type { Connected } from "../connection.ts";
import {
  type DepartureTask,
  departureTasksFor,
  HAND_OVER_MARGIN_MILLISECONDS,
  type HandOverPorts,
  handOverAll,
  type Task,
} from "../fan-out/tasks.ts";
import {
  DEPARTURES_MILLISECONDS,
  departuresOf,
  notifyOfDepartures,
  type PresencePorts,
  type RemainingDepartures,
} from "./presence.ts";

export interface DeparturePorts extends PresencePorts, HandOverPorts {}

/** Fields for the log. */
export interface DepartureFacts {
  /** The number of channels that are left to the worker. */
  readonly departuresHandedOver?: number;
  readonly departureFault?: string;
}

/** Notifies the channels of connections that were removed. Channels that take too long or fail are left to the worker. */
export async function announceAllDepartures(
  ports: DeparturePorts,
  departed: readonly Connected[],
  from: Pick<Task, "hops"> = {},
): Promise<DepartureFacts> {
  const deadline = ports.now() + DEPARTURES_MILLISECONDS;
  return handOverDepartures(ports, await notifyOfDepartures(ports, departuresOf(departed), deadline), from);
}

/**
 * Notifies the channels of a task of another function. Throws if the first of them fails: Lambda then retries the task,
 * and finally sends it to the queue of failed events.
 */
export async function runDepartureTask(
  ports: DeparturePorts,
  task: DepartureTask,
  { deadline }: { readonly deadline: number },
): Promise<DepartureFacts> {
  const rest = await notifyOfDepartures(ports, task.departures, deadline - HAND_OVER_MARGIN_MILLISECONDS);
  if (rest.fault !== undefined && rest.left.length >= task.departures.length) throw rest.fault;
  return handOverDepartures(ports, rest, task);
}

async function handOverDepartures(
  ports: DeparturePorts,
  { left, fault }: RemainingDepartures,
  from: Pick<Task, "hops">,
): Promise<DepartureFacts> {
  if (left.length === 0) return {};
  await handOverAll(ports, { from, tasks: departureTasksFor(left) });
  return { departuresHandedOver: left.length, ...(fault !== undefined && { departureFault: String(fault) }) };
}
