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
  let refusals: number;

  const send = (events: unknown) => {
    batches = [];
    return sendEvents(
      {
        putEvents: async (entries) => {
          batches.push(entries);
          refusals -= 1;
          return refusals >= 0 ? entries.slice(-1) : [];
        },
        pause: async () => undefined,
      },
      { task: { events } },
    );
  };
  beforeEach(() => {
    refusals = 0;
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

  it("sends the events again that EventBridge does not accept, and only these", async () => {
    refusals = 2;
    await send([queued(), queued()]);
    expect(batches.map(({ length }) => length)).to.deep.equal([2, 1, 1]);
  });

  it("fails after three attempts, so that Lambda retries the task", async () => {
    refusals = 3;
    expect(await rejection(send([queued(), queued()]))).to.equal("EventBridge did not accept 1 of 2 events");
  });

  it("rejects a task that has no events", async () => {
    expect(await rejection(send("text"))).to.include("The task has the fields events. It must have the field events");
  });
});
