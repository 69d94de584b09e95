import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import * as v from "valibot";
import { digestOf } from "../../../aws/runtime.ts";
import type { ChatEvent, QueuedEvent } from "../../../chat/events.ts";
import type { MentionPorts } from "../../../chat/unreceived-mentions.ts";
import { type EventEntry, sendEvents } from "../../../chat/use-cases/send-events.ts";
import type { StatusOf, UserStatus } from "../../../chat/user-ports.ts";
import { NOON } from "../../support/builders.ts";

const queued = (own: Partial<Extract<ChatEvent, { type: "message stored" }>> = {}): QueuedEvent => ({
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
  let statuses: Record<string, Partial<UserStatus>>;

  const statusOf: StatusOf = async (user) => {
    if (user === "unreadable") throw new Error("ThrottlingException");
    return { isConnected: false, isBanned: false, isKnown: false, channels: [], groups: [], ...statuses[user] };
  };

  const send = (events: unknown, settings: Partial<MentionPorts> = {}) => {
    batches = [];
    return sendEvents(
      {
        ...{ statusOf, digestOf, directConversations: false, lastingMembership: false, privateChannels: {} },
        checksBans: false,
        ...settings,
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
    statuses = {};
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

  describe("mentions", () => {
    const aMention = (own: Parameters<typeof queued>[0] = {}): QueuedEvent => ({
      ...queued({ mentions: ["ben"], ...own }),
      eventId: "01KB4M3E5R8ZJ2QG7V9X1C0T6N",
    });

    /** The mentioned users of the events that are sent for a message. */
    const unreceived = async (event: QueuedEvent, settings?: Partial<MentionPorts>): Promise<string[]> => {
      await send([event], settings);
      const [first, ...mentions] = batches.flat();
      expect(first?.type).to.equal("message stored");
      return mentions.map(({ type, detail }) => `${type}: ${JSON.parse(detail).user}`);
    };

    it("of users without a connection are sent in the same request, without the text, and always with the same id", async () => {
      statuses = { ben: { isConnected: true } };
      const event = aMention({ mentions: ["ben", "carol", "dave"] });
      expect(await send([event, queued()])).to.deep.equal({ events: 4 });
      const [[stored, carol, dave, next] = []] = batches;
      expect([stored?.type, dave?.type, next?.type]).to.deep.equal([
        "message stored",
        "mention unreceived",
        "message stored",
      ]);
      const { eventId, ...detail } = JSON.parse(String(carol?.detail));
      const at = "2026-07-01T12:00:00.000Z";
      expect(detail).to.deep.equal({ at, id: "02", channel: "ops", user: "carol", from: "anna" });
      expect(v.is(v.pipe(v.string(), v.ulid()), eventId), eventId).to.equal(true);
      const ids = () => batches.flat().map((each) => JSON.parse(each.detail).eventId);
      const before = ids();
      expect(new Set(before)).to.have.length(4);
      statuses = { ben: { isConnected: true }, carol: { isConnected: true } };
      await send([event, queued()]);
      expect(ids()).to.deep.equal([before[0], before[2], before[3]]);
    });

    it("of the sender cause no event, unless the sender is a backend with the name of the user", async () => {
      expect(await unreceived(aMention({ mentions: ["anna"] }))).to.deep.equal([]);
      const published = aMention({ mentions: ["anna"], publisher: true });
      expect(await unreceived(published)).to.deep.equal(["mention unreceived: anna"]);
    });

    it("are not looked up without authenticated users", async () => {
      expect(await unreceived(aMention(), { statusOf: undefined })).to.deep.equal([]);
    });

    it("of banned users cause no event, and neither do direct messages to them", async () => {
      statuses = { ben: { isBanned: true } };
      expect(await unreceived(aMention({ mentions: ["ben", "carol"] }))).to.deep.equal(["mention unreceived: carol"]);
      const directTo = (user: string): QueuedEvent => ({
        ...queued(),
        event: { type: "direct message unreceived", id: "02", user, from: "anna" },
      });
      const task = [directTo("ben"), directTo("carol")];
      expect(await send(task, { checksBans: true })).to.deep.equal({ events: 1 });
      expect(batches.flat().map(({ detail }) => JSON.parse(detail).user)).to.deep.equal(["carol"]);
      expect(await send(task), "without moderators").to.deep.equal({ events: 2 });
    });

    it("cause events only for users who have ever connected, if these are stored", async () => {
      statuses = { ben: { isKnown: true } };
      const event = aMention({ mentions: ["ben", "nobody"] });
      expect(await unreceived(event, { directConversations: true })).to.deep.equal(["mention unreceived: ben"]);
      expect(await unreceived(event)).to.have.length(2);
    });

    it("in a private channel cause events only for its lasting members", async () => {
      statuses = { ben: { isKnown: true, channels: ["~ops"] }, carol: { isKnown: true, channels: ["~dev"] } };
      const event = aMention({ channel: "~ops", mentions: ["ben", "carol"] });
      const settings = { directConversations: true, lastingMembership: true };
      expect(await unreceived(event, settings)).to.deep.equal(["mention unreceived: ben"]);
      expect(await unreceived(event, { ...settings, lastingMembership: false })).to.deep.equal([]);
    });

    it("in a channel of `privateChannels` cause events only for lasting members who were in one of its groups", async () => {
      const channels = ["~ops"];
      const known = { isKnown: true, channels };
      statuses = {
        ben: { ...known, groups: ["staff"] },
        carol: { ...known, groups: ["guests"] },
        dave: known,
        eve: { isKnown: true, channels: [], groups: ["staff"] },
      };
      const event = aMention({ channel: "~ops", mentions: ["ben", "carol", "dave", "eve"] });
      const settings = { directConversations: true, lastingMembership: true };
      const admitting = (...groups: string[]) =>
        unreceived(event, { ...settings, privateChannels: { "~ops": groups } });
      expect(await admitting("staff")).to.deep.equal(["mention unreceived: ben"]);
      expect(await admitting()).to.deep.equal([]);
      expect(await admitting("toString", "guests")).to.deep.equal(["mention unreceived: carol"]);
    });

    it("that cannot be looked up fail the task after all other events are sent", async () => {
      const event = aMention({ mentions: ["unreadable", "ben"] });
      const message = await rejection(send([event, queued()]));
      expect(message).to.include("1 of the mentioned users could not be looked up in the table");
      expect(batches.flat().map(({ type }) => type)).to.deep.equal([
        "message stored",
        "mention unreceived",
        "message stored",
      ]);
    });
  });
});
