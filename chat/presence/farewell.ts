import type { Connected } from "../connection.ts";
import {
  type FarewellTask,
  farewellTasksFor,
  type HandOverPorts,
  handOverAll,
  MARGIN_MILLISECONDS,
  type Task,
} from "../fan-out/tasks.ts";
import {
  FAREWELLS_MILLISECONDS,
  type FarewellRest,
  farewellsOf,
  notifyOfDeparted,
  type PresencePorts,
} from "./presence.ts";

export interface FarewellPorts extends PresencePorts, HandOverPorts {}

/** Fields for the log. */
export interface FarewellFacts {
  /** The number of channels that are left to the worker. */
  readonly farewellsHandedOver?: number;
  readonly farewellFault?: string;
}

/** Notifies the channels of connections that were removed. Channels that take too long or fail are left to the worker. */
export async function sendAllFarewells(
  ports: FarewellPorts,
  departed: readonly Connected[],
  from: Pick<Task, "hops"> = {},
): Promise<FarewellFacts> {
  const deadline = ports.now() + FAREWELLS_MILLISECONDS;
  return handOverRest(ports, await notifyOfDeparted(ports, farewellsOf(departed), deadline), from);
}

/**
 * Notifies the channels of a task of another function. Throws if the first of them fails: Lambda then retries the task,
 * and finally sends it to the queue of failed events.
 */
export async function resumeFarewells(
  ports: FarewellPorts,
  task: FarewellTask,
  { deadline }: { readonly deadline: number },
): Promise<FarewellFacts> {
  const rest = await notifyOfDeparted(ports, task.farewells, deadline - MARGIN_MILLISECONDS);
  if (rest.fault !== undefined && rest.left.length >= task.farewells.length) throw rest.fault;
  return handOverRest(ports, rest, task);
}

async function handOverRest(
  ports: FarewellPorts,
  { left, fault }: FarewellRest,
  from: Pick<Task, "hops">,
): Promise<FarewellFacts> {
  if (left.length === 0) return {};
  await handOverAll(ports, { from, tasks: farewellTasksFor(left) });
  return { farewellsHandedOver: left.length, ...(fault !== undefined && { farewellFault: String(fault) }) };
}
