import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import type { ChatEvent, QueuedEvent } from "../../../chat/events.ts";
import { type EventEntry, sendEvents } from "../../../chat/use-cases/send-events.ts";
import { NOON } from "../../support/builders.ts";

const queued = (own: Partial<ChatEvent & { data: string }> = {}): QueuedEvent => ({
  eventId: "01",
  at: NOON,
  event: { type: "message stored", id: "02", channel: "ops", from: "anna", data: "hi", ...own } as ChatEvent,
});

describe("chat/use-cases/send-events", () => {
  let batches: (readonly EventEntry[])[];
  /** The error codes of the next refusals, each of the last entry of a request. */
  let refusals: string[];
  let pauses: number[];
  let counted: number;

  const send = (events: unknown) => {
    batches = [];
    return sendEvents(
      {
        putEvents: async (entries) => {
          batches.push(entries);
          const errorCode = refusals.shift();
          if (errorCode === undefined) return [];
          return entries.slice(-1).map((entry) => ({ entry, errorCode, isRetryable: errorCode !== "MalformedDetail" }));
        },
        pause: async (milliseconds) => pauses.push(milliseconds),
        random: () => 0.5,
        count: (_, value = 1) => {
          counted += value;
        },
      },
      { task: { events } },
    );
  };
  beforeEach(() => {
    refusals = [];
    pauses = [];
    counted = 0;
  });

  it("sends the fields of an event as its detail, with its id and its time", async () => {
    expect(await send([queued()])).to.deep.equal({ events: 1 });
    const [[entry]] = batches as [readonly [EventEntry]];
    expect([entry.type, entry.at, JSON.parse(entry.detail)]).to.deep.equal([
      "message stored",
      NOON,
      { eventId: "01", at: "2026-07-01T12:00:00.000Z", id: "02", channel: "ops", from: "anna", data: "hi" },
    ]);
  });

  it("sends at most ten events and 250,000 bytes at once", async () => {
    await send(Array.from({ length: 21 }, () => queued()));
    expect(batches.map(({ length }) => length)).to.deep.equal([10, 10, 1]);
    await send(Array.from({ length: 4 }, () => queued({ data: "\u0001".repeat(16_384) })));
    expect(batches.map(({ length }) => length)).to.deep.equal([2, 2]);
  });

  it("sends the events again that EventBridge does not accept, and only these, after a pause with jitter", async () => {
    refusals = ["ThrottlingException", "InternalFailure"];
    expect(await send([queued(), queued()])).to.deep.equal({
      events: 2,
      refused: { ThrottlingException: 1, InternalFailure: 1 },
    });
    expect(batches.map(({ length }) => length)).to.deep.equal([2, 1, 1]);
    expect(pauses).to.deep.equal([200, 600]);
    expect(counted).to.equal(2);
  });

  it("fails after three attempts, so that Lambda retries the task, and names the errors without the text", async () => {
    refusals = ["ThrottlingException", "ThrottlingException", "InternalFailure"];
    const message = await rejection(send([queued(), queued({ data: "secret" })]));
    expect(message).to.equal(
      "EventBridge did not accept 1 of 2 events. Refused entries in all attempts: ThrottlingException (2), InternalFailure (1)",
    );
  });

  it("does not repeat an event that can never be accepted, and sends the others", async () => {
    refusals = ["MalformedDetail"];
    expect(await rejection(send(Array.from({ length: 11 }, () => queued())))).to.include("1 of 11 events");
    expect(batches.map(({ length }) => length)).to.deep.equal([10, 1]);
    expect(pauses).to.deep.equal([]);
  });

  it("rejects a task that has no events", async () => {
    expect(await rejection(send("text"))).to.include("The task has the fields events. It must have the field events");
  });
});
