import { openAccount } from "../simulation/account.ts";
import { ASSUMPTIONS } from "../simulation/assumptions.ts";
import { gateway } from "../simulation/gateway.ts";
import { type Environment, lambda } from "../simulation/lambda.ts";
import { draw } from "../simulation/random.ts";
import { type Delivery, secondTime } from "./work.ts";

/** Milliseconds of a whole core that the SDK's client takes for a push. docs/costs.md has what is measured since. */
const SDK_PUSH_CPU = 0.52;

/** Of a connection in the samples: its id, and little else. */
export const ITEM_BYTES = 50;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html */
const PAGE_BYTES = 1024 * 1024;

/** No quota stands in its way, though in AWS it would from a few thousand on. */
const UNLIMITED = { perSecond: Number.MAX_SAFE_INTEGER, burst: Number.MAX_SAFE_INTEGER };

/** The longest a function may take. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const TIMEOUT_SECONDS = 900;

/** What the public samples do with a message: one function scans the whole table, then pushes to everybody at once through the SDK. */
export async function textbookWork(load: {
  readonly connections: number;
  readonly audience: number;
}): Promise<Delivery> {
  const assumptions = { cpu: { ...ASSUMPTIONS.cpu, push: SDK_PUSH_CPU } };
  const account = openAccount({ seed: 1, assumptions, quotas: { requests: UNLIMITED } });
  const { clock, random } = account;
  const { post } = gateway(account);
  const invoke = lambda(account)(TIMEOUT_SECONDS);
  const pages = Math.ceil((load.connections * ITEM_BYTES) / PAGE_BYTES);
  let [sentAt, heardAt] = [0, 0];

  const broadcast = async (environment: Environment): Promise<void> => {
    for (let page = 0; page < pages; page += 1) await clock.pause(draw(ASSUMPTIONS.latencies.table, random));
    await clock.pause(environment.work(pages * ASSUMPTIONS.cpu.request + load.connections * ASSUMPTIONS.cpu.member));
    const pushes = Array.from({ length: load.audience }, () => post(environment, () => (heardAt = clock.now())));
    await Promise.all(pushes);
  };
  const work = await secondTime(account, async () => {
    sentAt = clock.now();
    await clock.pause(draw(ASSUMPTIONS.latencies.route, random));
    await invoke(broadcast);
  });
  return { ...work, lastSeconds: (heardAt - sentAt) / 1000 };
}
