import type { Connection } from "./connection.ts";
import { fill } from "./history.ts";
import { takeName } from "./name.ts";
import type { Outbox } from "./outbox.ts";
import { persist } from "./persist.ts";
import type { Standing } from "./standing.ts";

/** The regular tasks of a connection that lasts. Returns a function that ends them. */
export function upkeep(standing: Standing, outbox: Outbox, connection: Connection): () => void {
  const { check, reclaim } = standing.timing;
  const ends = [
    renewLater(standing, outbox, connection),
    repeat(standing, { every: check, act: () => outbox.add((connection) => readWhatWasLost(standing, connection)) }),
    repeat(standing, { every: reclaim, act: () => outbox.add((connection) => reclaimName(standing, connection)) }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Between two requests, so that none is interrupted. */
function renewLater({ ports, timing }: Standing, outbox: Outbox, connection: Connection): () => void {
  const renew = async (current: Connection): Promise<true> => {
    if (current === connection) await connection.leave("the connection is renewed before API Gateway closes it");
    return true;
  };
  return ports.after(timing.renew * (0.75 + ports.random() / 4), () => void outbox.add(renew));
}

interface Repetition {
  /** Milliseconds after the end of the last one. */
  readonly every: number;
  readonly act: () => Promise<unknown>;
}

function repeat({ ports: { after } }: Standing, { every, act }: Repetition): () => void {
  let callOff = (): void => undefined;
  let isOver = false;
  const next = (): void => {
    if (!isOver) callOff = after(every, () => void act().then(next));
  };
  next();
  return () => {
    isOver = true;
    callOff();
  };
}

/** The chat does not retry every failed push. The answers also show that the line is alive. */
async function readWhatWasLost(standing: Standing, connection: Connection): Promise<true | undefined> {
  const { ports, feeds } = standing;
  for (const feed of [...feeds.values()]) if (!(await fill(standing, connection, feed))) return undefined;
  if (feeds.size > 0) return true;
  return (await persist(ports, connection, { message: "channels", id: ports.newId() })) && true;
}

/** While the chat has not noticed that the connection before was lost, that one holds the name. */
async function reclaimName(standing: Standing, connection: Connection): Promise<true | undefined> {
  const { name, user } = standing;
  if (name === undefined || name === user) return true;
  return (await takeName(standing, connection, name)) && true;
}
