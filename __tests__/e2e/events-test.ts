import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import * as v from "valibot";
import { type EventType, eventSchemas } from "../../chat/events.ts";
import { EVENT_SOURCE } from "../../chat/use-cases/send-events.ts";
import { EventCollector } from "../support/event-collector.ts";
import { answerTo, type SignedInChat, startSignedInChat } from "../support/signed-in-chat.ts";

describe("events", () => {
  const collector = new EventCollector();
  let chat: SignedInChat;
  let mona: Client;
  let ben: Client;
  before(async () => {
    chat = await startSignedInChat({ events: true, moderators: ["moderators"], reactions: true }, collector);
    mona = await chat.enter("mona", ["moderators"]);
    ben = await chat.enter("ben");
  });
  after(async () => {
    await Promise.all([mona.close(), ben.close()]);
    await chat.stop();
  });

  /** The detail of the only event of a type, without the ids that differ between runs. */
  const eventOf = async (type: EventType) => {
    const [{ eventId: _, at: __, connectionId: ___, ...detail } = {}, ...more] = await collector.of(type);
    expect(more).to.deep.equal([]);
    return detail;
  };

  it("reach a function for messages, with their text", async () => {
    const { message } = await answerTo(ben, { message: "sendmessage", data: "hello" });
    const { clientMessageId, ...detail } = await eventOf("message stored");
    expect(detail).to.deep.equal({ id: message, channel: "lobby", from: "ben", data: "hello" });
    expect(clientMessageId).to.match(/^q-/);
    await answerTo(mona, { message: "react", channel: "lobby", target: message, emoji: "👍" });
    const reaction = { user: "mona", emoji: "👍", revision: 1 };
    expect(await eventOf("reaction changed")).to.deep.equal({ id: message, channel: "lobby", ...reaction });
    await answerTo(mona, { message: "delete", channel: "lobby", target: message });
    expect(await eventOf("message deleted")).to.deep.equal({ id: message, channel: "lobby", by: "mona" });
  });

  it("reach a function for mentions of users who have no connection, without the text", async () => {
    const { message } = await answerTo(ben, { message: "sendmessage", data: "hi", mentions: ["mona", "zoe"] });
    expect(await eventOf("mention unreceived")).to.deep.equal({
      ...{ id: message, channel: "lobby", user: "zoe", from: "ben" },
    });
  });

  it("reach a function for members that join and leave", async () => {
    await answerTo(ben, { message: "join", channel: "ops" });
    const joined = (await collector.of("member joined", 3)).find(({ channel }) => channel === "ops");
    expect(joined).to.include({ user: "ben", authenticated: true });
    await answerTo(ben, { message: "leave", channel: "ops" });
    const [left] = await collector.of("member left");
    expect(left).to.include({ channel: "ops", user: "ben", connectionId: joined?.connectionId });
  });

  it("reach a function for moderation", async () => {
    await answerTo(mona, { message: "mute", channel: "lobby", user: "ben", seconds: 60 });
    const { until, ...muted } = await eventOf("user muted");
    expect([muted, typeof until]).to.deep.equal([{ user: "ben", channel: "lobby", by: "mona" }, "string"]);
    await answerTo(mona, { message: "mute", channel: "lobby", user: "ben", seconds: 0 });
    expect(await eventOf("user unmuted")).to.deep.equal({ user: "ben", channel: "lobby", by: "mona" });
    await answerTo(mona, { message: "kick", user: "ben" });
    expect(await eventOf("user kicked")).to.deep.equal({ user: "ben", by: "mona" });
    const left = await collector.of("member left", 2);
    expect(left[1]).to.include({ channel: "lobby", user: "ben" });
    await answerTo(mona, { message: "ban", user: "ben" });
    expect(await eventOf("user banned")).to.deep.equal({ user: "ben", by: "mona" });
    await answerTo(mona, { message: "unban", user: "ben" });
    expect(await eventOf("user unbanned")).to.deep.equal({ user: "ben", by: "mona" });
  });

  it("have the documented fields, and no others", () => {
    expect(collector.received).not.to.have.length(0);
    for (const { source, "detail-type": type, detail } of collector.received) {
      expect(source).to.equal(EVENT_SOURCE);
      const { entries } = eventSchemas[type as EventType];
      const documented = v.strictObject({ ...entries, eventId: v.pipe(v.string(), v.ulid()), at: v.string() });
      expect(v.safeParse(documented, detail).issues, type).to.equal(undefined);
    }
  });
});
