import { EventEmitter, on, once } from "node:events";
import type { Message } from "../../client/message-feed.ts";
import { realPorts } from "../../client/real-ports.ts";
import { Session, type SessionOptions } from "../../client/session.ts";
import type { SessionEvent } from "../../client/session-state.ts";

/** How long a test waits for an event before it says that none came. */
const PATIENCE_MILLISECONDS = 30_000;

/** A session with all it has told. */
export interface Told {
  readonly session: Session;
  readonly events: readonly SessionEvent[];
  /** What was said in a channel, in the order it was told. */
  said(channel: string): readonly Message[];
  /** Resolves once `isSo` holds, asked after each event. Rejects when it never does. */
  until(isSo: () => boolean): Promise<void>;
  /** The next event of a type, from now on. */
  next<Type extends SessionEvent["type"]>(type: Type): Promise<Extract<SessionEvent, { type: Type }>>;
}

/** Opens a session in the lobby, unless told otherwise, and waits until it is online. */
export async function aSession(own: Partial<SessionOptions> & Pick<SessionOptions, "url">): Promise<Told> {
  const told = startSession(own);
  await told.next("online");
  return told;
}

export function startSession(own: Partial<SessionOptions> & Pick<SessionOptions, "url">): Told {
  const events: SessionEvent[] = [];
  const emitter = new EventEmitter();
  const tell = (event: SessionEvent): void => {
    events.push(event);
    emitter.emit("event", event);
  };
  const session = new Session({ channels: ["lobby"], ports: realPorts, ...own, tell });
  return {
    session,
    events,
    said: (channel) =>
      events.flatMap((event) => (event.type === "said" && event.message.channel === channel ? [event.message] : [])),
    async until(isSo) {
      const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
      while (!isSo()) await once(emitter, "event", { signal });
    },
    async next(type) {
      const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
      for await (const [event] of on(emitter, "event", { signal })) if (event.type === type) return event;
      throw new Error(`No ${type} came.`);
    },
  };
}
