import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@serverless-chat/emulator/testing/client";
import { ManualClock } from "@serverless-chat/emulator/testing/manual-clock";
import { expect } from "chai";
import { at, closing, Stage, soft } from "./stage.ts";
import { addressOf, isAws, isLong, startEmulator } from "./target.ts";

const MINUTE = 60_000;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const IDLE_MINUTES_MAX = 10;
const LIFE_MINUTES_MAX = 120;

const GOING_AWAY = { code: 1001, reason: "Going away" };

/** A stage, and a function that lets minutes pass: on the emulator, it advances the clock. */
async function stageWithClock(): Promise<{ stage: Stage; minutes: (count: number) => Promise<void> }> {
  if (isAws) {
    const stage = new Stage(() => addressOf("main"));
    return { stage, minutes: (count) => sleep(count * MINUTE) };
  }
  const clock = new ManualClock();
  const emulator = await startEmulator("main", { clock });
  const minutes = async (count: number) => clock.advance(count * MINUTE);
  return { stage: new Stage(async () => emulator), minutes };
}

const isPlayable = !isAws || isLong;

if (isPlayable) {
  describe("conformance: the lifetime of a connection", function () {
    this.timeout(isAws ? 3 * LIFE_MINUTES_MAX * MINUTE : MINUTE);

    it("LM-06 closes with 1001 after ten minutes without a message, and notifies both sides", async () => {
      const { stage, minutes } = await stageWithClock();
      const { client, connectionId } = await stage.join();
      await minutes(IDLE_MINUTES_MAX + 0.1);
      expect(await closing(client)).to.deep.equal(GOING_AWAY);
      const [{ event }] = await stage.records(connectionId);
      expect(event.requestContext).to.include({ disconnectStatusCode: 1001, disconnectReason: "Going away" });
    });

    it("LM-07 counts the ten minutes from the last message in either direction", async () => {
      const { stage, minutes } = await stageWithClock();
      const { client, connectionId } = await stage.join();
      await minutes(9);
      await stage.request(client, {});
      await minutes(9);
      const posted = await stage.send(at(connectionId), { method: "POST", body: "hello" });
      expect([posted.status, await client.next()]).to.deep.equal([200, "hello"]);
      await minutes(9);
      await stage.request(client, {});
      await minutes(IDLE_MINUTES_MAX + 0.1);
      expect(await closing(client)).to.deep.equal(GOING_AWAY);
    });

    soft("LM-07 does not count a ping as a message", async () => {
      const { stage, minutes } = await stageWithClock();
      const { client } = await stage.join();
      await minutes(9);
      const pong = new Promise((resolve) => client.socket.once("pong", resolve));
      client.socket.ping();
      await pong;
      await minutes(1.1);
      expect(await closing(client)).to.deep.equal(GOING_AWAY);
    });

    /** A client that has sent a message every eight minutes for two hours. */
    async function activeClient(): Promise<Client> {
      const { stage, minutes } = await stageWithClock();
      const { client } = await stage.join();
      for (let spent = 8; spent < LIFE_MINUTES_MAX; spent += 8) {
        await minutes(8);
        await stage.request(client, {});
      }
      await minutes(8.1);
      return client;
    }

    it("LM-08 closes after two hours, regardless of traffic", async () => {
      expect(await closing(await activeClient())).to.have.property("code");
    });

    soft("LM-08 closes with the reason Going away after two hours", async () => {
      expect(await closing(await activeClient())).to.deep.equal(GOING_AWAY);
    });

    it("LM-10 sends no pings", async () => {
      const { stage, minutes } = await stageWithClock();
      const { client } = await stage.join();
      let pings = 0;
      client.socket.on("ping", () => {
        pings += 1;
      });
      await minutes(9);
      await stage.request(client, {});
      expect(pings).to.equal(0);
    });
  });
}
