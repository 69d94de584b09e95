import type { QueuedEvent } from "../events.ts";
import type { Count, Pause, Random } from "../ports.ts";
import { type MentionPorts, withUnreceivedMentions } from "../unreceived-mentions.ts";

/** The source of all events of the chat. An environment has its own bus. */
export const EVENT_SOURCE = "serverless-chat";

/** An event in the format of EventBridge. */
export interface EventEntry {
  readonly type: string;
  /** JSON. */
  readonly detail: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** An entry that EventBridge did not accept. */
export interface RefusedEntry {
  readonly entry: EventEntry;
  /** The error code of EventBridge, or the reason why it did not respond. */
  readonly errorCode: string;
  /** Whether the same entry can be accepted later. */
  readonly isRetryable: boolean;
}

/** Sends at most `ENTRIES_MAX` entries. Returns those that were not accepted: all of them if the request failed. */
export type PutEvents = (entries: readonly EventEntry[]) => Promise<readonly RefusedEntry[]>;

export interface SendEventsPorts extends MentionPorts {
  readonly putEvents: PutEvents;
  readonly pause: Pause;
  readonly random: Random;
  readonly count: Count;
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_MAX = 10;

/** EventBridge accepts 256 KB in a request, including the source and the type of each entry. */
const BATCH_BYTES_MAX = 250_000;

const ATTEMPTS_MAX = 3;
const PAUSE_MILLISECONDS = 400;

/**
 * Sends events to the event bus, in their order, and adds events for unreceived mentions. Throws if EventBridge does not
 * accept some of them, or if the lookup of a mentioned user fails. Lambda then retries the task, and finally sends it to the
 * queue of failed events. A retry also repeats the accepted events, with the same `eventId`.
 */
export async function sendEvents(
  ports: SendEventsPorts,
  { task }: { readonly task: unknown },
): Promise<{ readonly events: number; readonly refused?: Refusals }> {
  const { events, faults } = await withUnreceivedMentions(ports, eventsIn(task));
  const refused: Refusals = {};
  let lost = 0;
  for (const batch of batchesOf(events.map(entryOf))) lost += await sendBatch(ports, batch, refused);
  if (lost > 0) throw new EventsRefused(lost, events.length, refused);
  if (faults.length > 0) throw new LookupsFailed(faults);
  return { events: events.length, ...(Object.keys(refused).length > 0 && { refused }) };
}

/** How often entries were refused, by error code, in all attempts. */
type Refusals = Record<string, number>;

class EventsRefused extends Error {
  constructor(lost: number, events: number, refused: Refusals) {
    const codes = Object.entries(refused).map(([code, times]) => `${code} (${times})`);
    super(
      `EventBridge did not accept ${lost} of ${events} events. Refused entries in all attempts: ${codes.join(", ")}`,
    );
    this.name = "EventsRefused";
  }
}

class LookupsFailed extends Error {
  constructor(faults: readonly unknown[]) {
    super(
      `${faults.length} of the mentioned users could not be looked up in the table, so their events are missing. All other events were sent. The first fault: ${faults[0]}`,
    );
    this.name = "LookupsFailed";
  }
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

/**
 * Sends a batch in up to three attempts, and adds the refused entries of each attempt to `refused`. Returns how many entries
 * were not accepted.
 */
async function sendBatch(ports: SendEventsPorts, batch: readonly EventEntry[], refused: Refusals): Promise<number> {
  let lost = 0;
  let left = batch;
  for (let attempt = 1; ; attempt += 1) {
    const answers = await ports.putEvents(left);
    if (answers.length > 0) ports.count("EventsRefused", answers.length);
    for (const { errorCode } of answers) refused[errorCode] = (refused[errorCode] ?? 0) + 1;
    const retryable = answers.filter(({ isRetryable }) => isRetryable);
    lost += answers.length - retryable.length;
    if (retryable.length === 0) return lost;
    if (attempt === ATTEMPTS_MAX) return lost + retryable.length;
    left = retryable.map(({ entry }) => entry);
    // With jitter, so that functions that were throttled together do not repeat together.
    await ports.pause(Math.round((ports.random() + attempt - 1) * PAUSE_MILLISECONDS));
  }
}
