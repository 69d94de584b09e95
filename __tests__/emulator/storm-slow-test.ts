import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "@serverless-chat/emulator";
import fc from "fast-check";
import { SEED } from "../support/random.ts";
import { startChat } from "../support/running-chat.ts";
import { webSocketConnector } from "../support/storm/client-connection.ts";
import { inconsistencies } from "../support/storm/consistency.ts";
import { settle, storms } from "../support/storm/steps.ts";
import { expectNone, Storm } from "../support/storm/storm.ts";
import { synthesizedChat } from "../support/synthesized.ts";
import { connectionIdsIn, itemsIn, storeIn, tableOf } from "../support/table.ts";

const SIZE = { users: 16, channels: 8 };
const STEPS = 160;

describe(`emulator: a chat in a storm (FC_SEED=${SEED})`, () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startChat(synthesizedChat(), { throttle: false });
  });
  after(() => emulator.stop());

  it("loses, leaks and misorders no message, and leaves an empty table", async () => {
    const storm = new Storm(SIZE, webSocketConnector(emulator.url));
    const [steps = []] = fc.sample(storms(SIZE, { least: STEPS, most: STEPS }), { seed: SEED, numRuns: 1 });
    await storm.run([...settle(SIZE, 6), ...steps]);
    const table = tableOf(emulator);
    const { channels } = storm;
    await agree(async () =>
      inconsistencies(storeIn(table, Date.now), { connectionIds: await connectionIdsIn(table), channels }),
    );
    await storm.disconnectAll();
    await storm.audit();
    await agree(async () => ((await itemsIn(table)) > 0 ? ["The table still contains items."] : []));
    expectNone(storm.model.violations());
  });
});

/** Repeats a check until it passes, because functions such as `$disconnect` may still be running. */
async function agree(check: () => Promise<string[]>): Promise<void> {
  for (let attempts = 0; attempts < 1_000; attempts += 1) {
    if ((await check()).length === 0) return;
    await sleep(50);
  }
  expectNone(await check());
}
