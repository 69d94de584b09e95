import type { Connection } from "./connection.ts";
import { fill } from "./history.ts";
import { takeName } from "./name.ts";
import type { Outbox } from "./outbox.ts";
import { askWithRetries } from "./retry.ts";
import type { SessionState } from "./session-state.ts";

/** Starts the periodic tasks of a connection. Returns a function that stops them. */
export function startMaintenance(state: SessionState, outbox: Outbox, connection: Connection): () => void {
  const { check, reclaim } = state.timing;
  const ends = [
    renewLater(state, outbox, connection),
    repeat(state, { every: check, act: () => outbox.add((connection) => readMissedMessages(state, connection)) }),
    repeat(state, { every: reclaim, act: () => outbox.add((connection) => reclaimName(state, connection)) }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Renews the connection between two requests, so that no request is interrupted. */
function renewLater({ ports, timing }: SessionState, outbox: Outbox, connection: Connection): () => void {
  const renew = async (current: Connection): Promise<true> => {
    if (current === connection) await connection.leave("the connection is renewed before API Gateway closes it");
    return true;
  };
  return ports.after(timing.renew * (0.75 + ports.random() / 4), () => void outbox.add(renew));
}

interface Repetition {
  /** Milliseconds after the end of the previous run. */
  readonly every: number;
  readonly act: () => Promise<unknown>;
}

function repeat({ ports: { after } }: SessionState, { every, act }: Repetition): () => void {
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

/** A push can fail for good. The answer also shows that the connection is alive. */
async function readMissedMessages(state: SessionState, connection: Connection): Promise<true | undefined> {
  const { ports, feeds } = state;
  for (const feed of [...feeds.values()]) if (!(await fill(state, connection, feed))) return undefined;
  if (feeds.size > 0) return true;
  return (await askWithRetries(ports, connection, { message: "channels", id: ports.newId() })) && true;
}

/** The previous connection holds the name until the chat notices that it is lost. */
async function reclaimName(state: SessionState, connection: Connection): Promise<true | undefined> {
  const { name, user } = state;
  if (name === undefined || name === user) return true;
  return (await takeName(state, connection, name)) && true;
}
