import type { QueuedEvent } from "../events.ts";
import type { Pause } from "../ports.ts";

/** The source of all events of the chat. An environment has its own bus. */
export const EVENT_SOURCE = "serverless-chat";

/** An event as EventBridge takes it. */
export interface EventEntry {
  readonly type: string;
  /** JSON. */
  readonly detail: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Sends at most `ENTRIES_MAX` entries. Returns those that EventBridge did not accept. Rejects if there is no answer. */
export type PutEvents = (entries: readonly EventEntry[]) => Promise<readonly EventEntry[]>;

export interface SendEventsPorts {
  readonly putEvents: PutEvents;
  readonly pause: Pause;
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_MAX = 10;

/** EventBridge accepts 256 KB in a request, including the source and the type of each entry. */
const BATCH_BYTES_MAX = 250_000;

const ATTEMPTS_MAX = 3;
const PAUSE_MILLISECONDS = 200;

/**
 * Sends events to the event bus, in their order. Throws if some are not accepted: Lambda then retries the task, and finally
 * sends it to the queue of failed events. A retry also sends the accepted ones again, with the same `eventId`.
 */
export async function sendEvents(
  ports: SendEventsPorts,
  { task }: { readonly task: unknown },
): Promise<{ readonly events: number }> {
  const events = eventsIn(task);
  for (const batch of batchesOf(events.map(entryOf))) await sendBatch(ports, batch);
  return { events: events.length };
}

/** The function that queues the events is of the same version or of an earlier one. */
function eventsIn(task: unknown): readonly QueuedEvent[] {
  const { events } = Object(task);
  if (Array.isArray(events) && events.every(({ event }) => typeof event?.type === "string")) return events;
  throw new Error(
    `The task has the fields ${Object.keys(Object(task)).join(", ") || "none"}. It must have the field events, a list of queued events. Check which function invoked this one.`,
  );
}

const entryOf = ({ eventId, at, event: { type, ...fields } }: QueuedEvent): EventEntry => ({
  type,
  detail: JSON.stringify({ eventId, at: new Date(at).toISOString(), ...fields }),
  at,
});

function batchesOf(entries: readonly EventEntry[]): EventEntry[][] {
  const batches: EventEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.detail) + ENTRY_BYTES;
    const last = batches.at(-1);
    if (last && last.length < ENTRIES_MAX && bytes + size <= BATCH_BYTES_MAX) {
      last.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}

/** The source, the type and the time of an entry. */
const ENTRY_BYTES = 100;

async function sendBatch({ putEvents, pause }: SendEventsPorts, batch: readonly EventEntry[]): Promise<void> {
  let left = batch;
  for (let attempt = 1; ; attempt += 1) {
    left = await putEvents(left);
    if (left.length === 0) return;
    if (attempt === ATTEMPTS_MAX)
      throw new Error(`EventBridge did not accept ${left.length} of ${batch.length} events`);
    await pause(attempt * PAUSE_MILLISECONDS);
  }
}
