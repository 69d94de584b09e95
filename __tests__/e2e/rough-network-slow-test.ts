import { SEED } from "../support/random.ts";
import { runInRoughNetwork, SPEED, TIMING } from "../support/rough-run.ts";
import { openSession } from "../support/session.ts";

const { FC_RUNS } = process.env;
/** The number of messages of each user. The long run takes one to two minutes. */
const MESSAGES = FC_RUNS === undefined ? 40 : 300;

const after = (milliseconds: number, act: () => void) => {
  const timer = setTimeout(act, milliseconds / SPEED);
  return () => clearTimeout(timer);
};

describe(`sessions in a rough network (FC_SEED=${SEED})`, () => {
  it("deliver every message once and in order", async function () {
    this.timeout(900_000);
    await runInRoughNetwork({
      seed: SEED,
      messages: MESSAGES,
      async open({ url, token }) {
        const connect = async () => ({ url, protocols: [`bearer.${await token()}`] });
        const { session, messages, states, until } = await openSession({ connect, ports: { after }, timing: TIMING });
        return {
          send: async (text) => void (await session.send("lobby", text)),
          waitForMessages: (count) => until(() => messages("lobby").length >= count),
          messages: async () => messages("lobby"),
          losses: async () => states("offline").length,
          close: () => session.close(),
        };
      },
    });
  });
});
