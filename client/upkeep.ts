import type { Connection } from "./connection.ts";
import { fill } from "./history.ts";
import { takeName } from "./name.ts";
import type { Outbox } from "./outbox.ts";
import { persist } from "./persist.ts";
import type { Standing } from "./standing.ts";

/** Does now and then what a connection that lasts needs. Gives what ends it. */
export function upkeep(standing: Standing, outbox: Outbox): () => void {
  const { check, reclaim } = standing.timing;
  const ends = [
    repeat(standing, { every: check, act: () => outbox.add((connection) => readWhatWasLost(standing, connection)) }),
    repeat(standing, { every: reclaim, act: () => outbox.add((connection) => reclaimName(standing, connection)) }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

interface Repetition {
  /** Milliseconds after the last one was done. */
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

/** A push that failed is not tried again. The answers also show that the line is alive. */
async function readWhatWasLost(standing: Standing, connection: Connection): Promise<true | undefined> {
  const { ports, feeds } = standing;
  for (const feed of feeds.values()) if (!(await fill(ports, connection, { feed, told: 0 }))) return undefined;
  if (feeds.size > 0) return true;
  return (await persist(ports, connection, { message: "channels", id: ports.newId() })) && true;
}

/** While the chat has not noticed that the connection before was lost, that one holds the name. */
async function reclaimName(standing: Standing, connection: Connection): Promise<true | undefined> {
  const { name, user } = standing;
  if (name === undefined || name === user) return true;
  return (await takeName(standing, connection, name)) && true;
}
