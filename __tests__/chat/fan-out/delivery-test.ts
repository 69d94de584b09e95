import { expect } from "chai";
import { backOffMilliseconds, deliverToConnection, startDelivery } from "../../../chat/fan-out/delivery.ts";
import { messageFrame } from "../../../chat/message.ts";
import type { PushOutcome } from "../../../chat/ports.ts";
import { formsOf } from "../../../chat/protocol/frames.ts";
import { aConnection, aMessage, NOON } from "../../support/builders.ts";
import { aChat, gone } from "../../support/chat.ts";

const frame = messageFrame(aMessage({ data: "hi" }));
const job = { forms: formsOf(frame), deadline: Number.POSITIVE_INFINITY };

/** Returns these outcomes in order, then delivers. */
const first = (...outcomes: PushOutcome[]) => {
  const queue = outcomes.values();
  return async (): Promise<PushOutcome> => queue.next().value ?? "delivered";
};

describe("chat/fan-out/delivery", () => {
  it("sends each recipient the text of their protocol, and nothing if there is none", async () => {
    const chat = aChat();
    const [plain, json] = [aConnection(), aConnection({ protocol: "chat.v1" })];
    await startDelivery(chat, job).push([plain, json]);
    const typing = { type: "typing", channel: "lobby", user: "anna" } as const;
    const delivery = startDelivery(chat, { ...job, forms: formsOf(typing) });
    await delivery.push([plain, json]);
    expect(chat.received(plain)).to.deep.equal(["hi"]);
    expect(chat.received(json)).to.deep.equal([frame, typing]);
    expect(delivery.tally.delivered).to.equal(1);
  });

  it("distinguishes gone, throttled and failed recipients", async () => {
    const chat = aChat();
    const [here, goneMember, slow, broken] = [aConnection(), aConnection(), aConnection(), aConnection()];
    chat.setPushOutcome(goneMember, gone);
    chat.setPushOutcome(slow, first("throttled"));
    chat.setPushOutcome(broken, first({ failed: "502" }));
    const delivery = startDelivery(chat, job);
    const unreached = await delivery.push([here, goneMember, slow, broken]);
    expect(unreached).to.deep.equal({ gone: [goneMember], undelivered: [slow, broken], throttled: [slow] });
    expect(await delivery.retry(unreached.undelivered)).to.deep.equal({ gone: [], undelivered: [] });
    const tally = {
      delivered: 3,
      gone: 1,
      throttled: 1,
      retried: 2,
      handedOver: 0,
      closed: 0,
      failed: 0,
      faults: ["502"],
    };
    expect(delivery.tally).to.deep.equal(tally);
    expect(chat.counted()).to.deep.equal({ PushesDelivered: 3, PushesGone: 1, PushesThrottled: 1 });
  });

  it("keeps its full window if a single connection is throttled, as often as it may be", async () => {
    const chat = aChat();
    const stalled = aConnection();
    let [current, most] = [0, 0];
    const push = async (id: string): Promise<PushOutcome> => {
      current += 1;
      most = Math.max(most, current);
      await new Promise(setImmediate);
      current -= 1;
      return id === stalled.id ? "throttled" : "delivered";
    };
    const delivery = startDelivery({ ...chat, push }, job);
    for (let round = 0; round < 5; round += 1) await delivery.push([stalled]);
    await delivery.push(Array.from({ length: 100 }, () => aConnection()));
    expect(most).to.be.at.least(32);
    expect(delivery.isThrottled()).to.equal(false);
  });

  it("counts the recipients that no retry reached", async () => {
    const chat = aChat();
    const broken = aConnection();
    chat.setPushOutcome(broken, async () => ({ failed: "502" }));
    const { tally, retry } = startDelivery(chat, job);
    await retry([broken]);
    expect(tally.failed).to.equal(1);
    expect(chat.counted()).to.deep.equal({ PushesFailed: 1 });
  });

  it("closes a connection whose token has expired instead of pushing to it", async () => {
    const chat = aChat();
    const [over, good] = [aConnection({ expiresAt: NOON }), aConnection({ expiresAt: NOON + 1 })];
    const { gone: ended } = await startDelivery(chat, job).push([over, good]);
    expect(ended).to.deep.equal([over]);
    expect(chat.closed).to.deep.equal([over.id]);
    expect([chat.received(over), chat.received(good)]).to.deep.equal([[], ["hi"]]);
  });

  it("waits longer before each retry, and gives up after five", async () => {
    const chat = aChat();
    const broken = aConnection();
    chat.setPushOutcome(broken, async () => ({ failed: "502" }));
    const pauses: number[] = [];
    const pause = async (milliseconds: number) => pauses.push(milliseconds);
    const { undelivered } = await startDelivery({ ...chat, pause }, job).retry([broken]);
    expect(undelivered).to.deep.equal([broken]);
    expect(pauses).to.deep.equal([75, 150, 300, 600, 1200]);
  });

  it("retries a push that hangs only once", async () => {
    let now = NOON;
    const chat = aChat({ now: () => now });
    let pushes = 0;
    const push = async () => {
      now += 3_500;
      pushes += 1;
      return { failed: "UND_ERR_HEADERS_TIMEOUT" };
    };
    const delivery = startDelivery({ ...chat, push }, job);
    await delivery.retry((await delivery.push([aConnection()])).undelivered);
    expect(pushes).to.equal(2);
  });

  it("pauses between pushes if one at a time is too many, and never beyond the deadline", async () => {
    const chat = aChat();
    let now = NOON;
    const pauses: number[] = [];
    const pause = async (milliseconds: number) => {
      pauses.push(milliseconds);
      now += milliseconds;
    };
    const push = async (): Promise<PushOutcome> => {
      now += 1;
      return "throttled";
    };
    const ports = { ...chat, push, pause, now: () => now };
    const audience = Array.from({ length: 200 }, () => aConnection());
    await startDelivery(ports, { ...job, deadline: NOON + 700 }).push(audience);
    expect(pauses.slice(0, 4)).to.deep.equal([10, 30, 70, 150]);
    expect(now).to.be.at.most(NOON + 701);
  });

  it("waits between half of its time and all of it", () => {
    expect([backOffMilliseconds(3, 0), backOffMilliseconds(3, 1)]).to.deep.equal([400, 800]);
  });

  it("starts no push and no pause beyond the deadline", async () => {
    const chat = aChat();
    const late = startDelivery(chat, { ...job, deadline: NOON });
    const connection = aConnection();
    expect((await late.push([connection])).undelivered).to.deep.equal([connection]);
    expect((await startDelivery(chat, { ...job, deadline: NOON + 50 }).retry([connection])).undelivered).to.deep.equal([
      connection,
    ]);
    expect(chat.received(connection)).to.deep.equal([]);
  });

  it("delivers to one recipient with retries, and returns the outcome", async () => {
    const chat = aChat();
    const connection = aConnection();
    const outcomeAfter = async (...outcomes: PushOutcome[]) => {
      chat.setPushOutcome(connection, first(...outcomes));
      return deliverToConnection(chat, connection, job);
    };
    expect(await outcomeAfter()).to.equal("delivered");
    expect(await outcomeAfter("throttled", { failed: "502" })).to.equal("delivered");
    expect(await outcomeAfter("throttled", "gone")).to.equal("gone");
    expect(await outcomeAfter(...Array<PushOutcome>(6).fill({ failed: "502" }))).to.deep.equal({ failed: "502" });
    expect(await outcomeAfter(...Array<PushOutcome>(6).fill("throttled"))).to.deep.equal({ failed: "Throttled" });
  });
});
