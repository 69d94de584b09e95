import type { Connection } from "./connection.ts";
import { fill } from "./history.ts";
import { claimName } from "./name.ts";
import type { RequestQueue } from "./request-queue.ts";
import { askWithRetries } from "./retry.ts";
import type { SessionContext } from "./session-context.ts";

/** Starts the periodic tasks of a connection. Returns a function that stops them. */
export function startMaintenance(context: SessionContext, queue: RequestQueue, connection: Connection): () => void {
  const { check, reclaim } = context.timing;
  const ends = [
    renewLater(context, queue, connection),
    repeat(context, { every: check, act: () => queue.add((connection) => readMissedMessages(context, connection)) }),
    repeat(context, { every: reclaim, act: () => queue.add((connection) => reclaimName(context, connection)) }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Renews the connection between two requests, so that no request is interrupted. */
function renewLater({ ports, timing }: SessionContext, queue: RequestQueue, connection: Connection): () => void {
  const renew = async (current: Connection): Promise<true> => {
    if (current === connection) await connection.close("the connection is renewed before API Gateway closes it");
    return true;
  };
  return ports.after(timing.renew * (0.75 + ports.random() / 4), () => void queue.add(renew));
}

interface Repetition {
  /** Milliseconds after the end of the previous run. */
  readonly every: number;
  readonly act: () => Promise<unknown>;
}

function repeat({ ports: { after } }: SessionContext, { every, act }: Repetition): () => void {
  let cancel = (): void => undefined;
  let isOver = false;
  const next = (): void => {
    if (!isOver) cancel = after(every, () => void act().then(next));
  };
  next();
  return () => {
    isOver = true;
    cancel();
  };
}

/** A push can fail for good. The reply also shows that the connection is alive. */
export async function readMissedMessages(context: SessionContext, connection: Connection): Promise<true | undefined> {
  const { ports, feeds, direct } = context;
  if (direct && !(await direct.readMissed(context, connection))) return undefined;
  for (const feed of [...feeds.values()]) if (!(await fill(context, connection, feed))) return undefined;
  if (feeds.size > 0) return true;
  return (await askWithRetries(ports, connection, { message: "channels", id: ports.newId() })) && true;
}

/** The previous connection holds the name until the chat notices that it is lost. */
async function reclaimName(context: SessionContext, connection: Connection): Promise<true | undefined> {
  const { name, user } = context;
  if (name === undefined || name === user) return true;
  return (await claimName(context, connection, name)) && true;
}
