import { routes, workers } from "../../handlers/routes.ts";
import type { Actor } from "../fan-out/audience.ts";
import { isFrame, sampleFrame } from "../sample-frame.ts";

/** The functions of a chat without authentication. */
export const ENTRIES: readonly string[] = [...routes.filter(({ needs }) => needs === undefined), ...workers].map(
  ({ entry }) => entry,
);

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
