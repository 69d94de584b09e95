import { EventEmitter, on, once } from "node:events";
import {
  type ChatError,
  type ConnectionState,
  createSession,
  type ReceivedMessage,
  type Session,
  type SessionEvents,
  type SessionOptions,
} from "@serverless-chat/client";
import { WebSocket } from "ws";

/** How long a test waits for an event before it fails. */
const PATIENCE_MILLISECONDS = 30_000;

export type RecordedEvent = {
  [Type in keyof SessionEvents]: { readonly type: Type; readonly event: SessionEvents[Type] };
}[keyof SessionEvents];

type Status = ConnectionState["status"];
type StateOf<Of extends Status> = Extract<ConnectionState, { status: Of }>;

/** A session and all its events. */
export interface RecordedSession {
  readonly session: Session;
  readonly events: readonly RecordedEvent[];
  /** The events of a type. */
  of<Type extends keyof SessionEvents>(type: Type): readonly SessionEvents[Type][];
  /** The states with a status. */
  states<Of extends Status>(status: Of): readonly StateOf<Of>[];
  /** The messages of a channel, in the order in which they were reported. */
  messages(channel: string): readonly ReceivedMessage[];
  /** Resolves once `isSo` returns true, which is called after each event. Rejects if it never does. */
  until(isSo: () => boolean): Promise<void>;
  /** The next event of a type, from now on. */
  next<Type extends keyof SessionEvents>(type: Type): Promise<SessionEvents[Type]>;
  /** The next state with a status, from now on. */
  nextState<Of extends Status>(status: Of): Promise<StateOf<Of>>;
}

/** `url` is short for a `connect` that returns it. */
export type RecordedOptions = Partial<SessionOptions> & { readonly url?: string };

/** Opens a session and waits until it is online. */
export async function openSession(options: RecordedOptions): Promise<RecordedSession> {
  const recorded = startSession(options);
  await recorded.nextState("online");
  return recorded;
}

/** Starts a session on `ws`, which reports the status of a failed handshake. */
export function startSession({ url = "", ...options }: RecordedOptions): RecordedSession {
  const session = createSession({ connect: () => ({ url }), WebSocket, ...options });
  return { session, ...record(session) };
}

const TYPES = [
  "message",
  "deleted",
  "presence",
  "typing",
  "direct",
  "moderation",
  "state",
  "user",
  "channels",
  "pending",
  "error",
] as const satisfies readonly (keyof SessionEvents)[];

export function record(session: Session): Omit<RecordedSession, "session"> {
  const events: RecordedEvent[] = [];
  const emitter = new EventEmitter();
  for (const type of TYPES) {
    session.on(type, (event) => {
      events.push({ type, event } as RecordedEvent);
      emitter.emit("event", { type, event });
    });
  }
  const of = <Type extends keyof SessionEvents>(type: Type): SessionEvents[Type][] =>
    events.filter((recorded) => recorded.type === type).map(({ event }) => event as SessionEvents[Type]);
  const find = async <Found>(isIt: (recorded: RecordedEvent) => boolean): Promise<Found> => {
    const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
    for await (const [recorded] of on(emitter, "event", { signal })) if (isIt(recorded)) return recorded.event;
    throw new Error("There was no such event.");
  };
  return {
    events,
    of,
    states: <Of extends Status>(status: Of) =>
      of("state").filter((state): state is StateOf<Of> => state.status === status),
    messages: (channel) => of("message").filter((message) => message.channel === channel),
    async until(isSo) {
      const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
      while (!isSo()) await once(emitter, "event", { signal });
    },
    next: (type) => find((recorded) => recorded.type === type),
    nextState: (status) => find((recorded) => recorded.type === "state" && recorded.event.status === status),
  };
}

/** The result of a request, or the error that it was rejected with. */
export const outcomeOf = <Result>(request: Promise<Result>): Promise<Result | ChatError> =>
  request.catch((error: ChatError) => error);
