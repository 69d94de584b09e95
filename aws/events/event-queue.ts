import type { ChatEvent, QueuedEvent } from "../../chat/events.ts";
import type { Count, Emit, NewMessageId, Now } from "../../chat/ports.ts";
import { inBackground } from "../background.ts";
import type { Config } from "../config.ts";
import { handOverTo } from "../invoke-worker.ts";
import { metrics } from "../metrics.ts";
import { credentials, lambdaEndpoint, newMessageId, now, region, traceId, within } from "../runtime.ts";

export interface EventQueuePorts {
  /** Invokes the function that sends events, asynchronously. */
  readonly invoke: (task: { readonly events: readonly QueuedEvent[] }) => Promise<void>;
  readonly newMessageId: NewMessageId;
  readonly now: Now;
  readonly count: Count;
}

/** An asynchronous event of Lambda has at most 1 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const TASK_BYTES_MAX = 500_000;

/** A task then takes at most ten requests to EventBridge, plus the reads for mentions. */
const TASK_EVENTS_MAX = 100;

/** How long a sender waits for Lambda to accept its events. */
const QUEUE_MILLISECONDS_MAX = 1_000;

/**
 * Queues events for the function that sends them. Events that one step of an invocation publishes go together. A failure is
 * counted, and never reaches the caller.
 */
export function eventQueue(ports: EventQueuePorts): Emit {
  let waiting: QueuedEvent[] = [];
  const send = async (): Promise<void> => {
    // After the current step, so that its events are in one task.
    await undefined;
    const events = waiting;
    waiting = [];
    for (const task of tasksOf(events)) inBackground(invokeWith(ports, task));
  };
  return (event: ChatEvent) => {
    waiting.push({ eventId: ports.newMessageId(), at: ports.now(), event });
    if (waiting.length === 1) inBackground(send());
  };
}

function tasksOf(events: readonly QueuedEvent[]): QueuedEvent[][] {
  const tasks: QueuedEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event));
    const last = tasks.at(-1);
    const fits = last && last.length < TASK_EVENTS_MAX && bytes + size <= TASK_BYTES_MAX;
    if (fits) last.push(event);
    else tasks.push([event]);
    bytes = fits ? bytes + size : size;
  }
  return tasks;
}

async function invokeWith({ invoke, count }: EventQueuePorts, events: readonly QueuedEvent[]): Promise<void> {
  try {
    const late = new Error(`Lambda did not accept the event within ${QUEUE_MILLISECONDS_MAX} ms`);
    await within(QUEUE_MILLISECONDS_MAX, invoke({ events }), late);
  } catch (fault) {
    count("EventsLost", events.length);
    throw new Error(`${events.length} events were lost. ${fault}`);
  }
}

type EventSettings = Pick<Config, "eventsFunction">;

/** The queues of a function, so that its ports share one. */
const queues = new Map<string, Emit>();

/** Has no effect in an environment without events. */
export function emitter({ eventsFunction: functionName }: EventSettings): Emit {
  if (functionName === "none") return () => undefined;
  const queue = queues.get(functionName) ?? queueFor(functionName);
  queues.set(functionName, queue);
  return queue;
}

function queueFor(functionName: string): Emit {
  const invoke = handOverTo<{ readonly events: readonly QueuedEvent[] }>({
    ...{ functionName, endpoint: lambdaEndpoint(), region: region(), credentials, traceId },
  });
  return eventQueue({
    ...{ invoke, newMessageId, now },
    count: (metric, value) => metrics.count(metric, value),
  });
}
