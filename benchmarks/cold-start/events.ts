import * as v from "valibot";
import { type ClientFrame, clientFrames } from "../../chat/protocol/client-frames.ts";
import { routes, workers } from "../../handlers/routes.ts";
import type { Actor } from "../fan-out/seed.ts";

/** The functions of a chat without authentication. */
export const ENTRIES: readonly string[] = [...routes, ...workers]
  .filter(({ needs }) => needs === undefined)
  .map(({ entry }) => entry);

/** The fields that a client sends, by route: they must not be refused. Routes without a row get a sample frame. */
const FRAMES: Readonly<Record<string, (actor: Actor) => object>> = {
  sendmessage: ({ channel }) => ({ channel, data: "hello" }),
  join: ({ channel }) => ({ channel: `${channel}-too` }),
  leave: ({ channel }) => ({ channel }),
  channels: () => ({}),
  members: ({ channel }) => ({ channel }),
  history: ({ channel }) => ({ channel }),
  direct: ({ channel }) => ({ to: channel, data: "hello" }),
  name: ({ channel }) => ({ data: `${channel}-too` }),
  typing: ({ channel }) => ({ channel }),
};

/** Returns the first event of a function: from API Gateway, or from another function. */
export function eventFor(entry: string, actor: Actor): object {
  if (workers.some((worker) => worker.entry === entry)) return taskFor(actor);
  const route = routes.find((one) => one.entry === entry);
  if (!route) throw new Error(`The chat has no function "${entry}".`);
  const { connectionId } = actor;
  return {
    requestContext: {
      routeKey: route.key,
      requestId: "AAAAAAAAAAAAAAA=",
      connectionId,
      connectedAt: Date.now(),
      requestTimeEpoch: Date.now(),
    },
    headers: {},
    body: bodyFor(route.key, actor),
  };
}

function bodyFor(key: string, actor: Actor): string {
  const fields = FRAMES[key]?.(actor) ?? (isFrame(key) ? sampleFrame(key) : undefined);
  return fields ? JSON.stringify({ ...fields, message: key }) : "hello";
}

const taskFor = ({ channel }: Actor): object => ({
  frame: {
    type: "message",
    id: "01M85X21JF1EDDXY0AX7YRAJ1S",
    channel,
    from: "guest",
    data: "hello",
    at: "2026-11-24T04:29:37.743Z",
  },
  shard: { channel, shard: 0 },
  shards: 1,
});

/** Values that the fields of frames accept: a text or a name, a number of seconds, a flag, and the id of a message. */
const CANDIDATES: readonly unknown[] = [null, "hello", 60, true, "01M85X21JF1EDDXY0AX7YRAJ1S"];

/** A valid frame with the required fields only, so that a new route is measured without a case of its own. */
export function sampleFrame(route: ClientFrame["message"]): ClientFrame {
  const schema: v.GenericSchema = clientFrames[route];
  const fields = Object.entries<v.GenericSchema>(clientFrames[route].entries)
    .filter(([, field]) => !v.is(field, undefined))
    .map(([name, field]) => [name, CANDIDATES.find((candidate) => v.is(field, candidate))]);
  const frame: object = Object.fromEntries(fields);
  if (v.is(schema, frame)) return { message: route, ...frame } as ClientFrame;
  throw new Error(
    `No sample value fits every required field of the frame "${route}". Add a value to CANDIDATES in benchmarks/cold-start/events.ts.`,
  );
}

export const isFrame = (route: string): route is ClientFrame["message"] => Object.hasOwn(clientFrames, route);
