import { openAccount } from "../simulation/account.ts";
import { apiGateway } from "../simulation/api-gateway.ts";
import { ASSUMPTIONS } from "../simulation/assumptions.ts";
import { type ExecutionEnvironment, lambda } from "../simulation/lambda.ts";
import { sampleLatency } from "../simulation/random.ts";
import { type Delivery, secondRun } from "./work.ts";

/** CPU time of a push with the SDK's client, in milliseconds. docs/costs.md has newer measurements. */
const SDK_PUSH_CPU = 0.52;

/** The size of a connection, which has little more than an id. */
export const ITEM_BYTES = 50;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html */
const PAGE_BYTES = 1024 * 1024;

/** Without the quota of API Gateway, which a few thousand recipients would exceed. */
const UNLIMITED = { perSecond: Number.MAX_SAFE_INTEGER, burst: Number.MAX_SAFE_INTEGER };

/** The longest timeout of a function. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const TIMEOUT_SECONDS = 900;

/** Simulates a message in the public samples: one function scans the whole table, then pushes to all connections at once with the SDK. */
export async function textbookWork(load: {
  readonly connections: number;
  readonly audience: number;
}): Promise<Delivery> {
  const assumptions = { cpu: { ...ASSUMPTIONS.cpu, push: SDK_PUSH_CPU } };
  const account = openAccount({ seed: 1, assumptions, quotas: { requests: UNLIMITED } });
  const { clock, random } = account;
  const { push } = apiGateway(account);
  const invoke = lambda(account)(TIMEOUT_SECONDS);
  const pages = Math.ceil((load.connections * ITEM_BYTES) / PAGE_BYTES);
  let [sentAt, lastAt] = [0, 0];

  const broadcast = async (environment: ExecutionEnvironment): Promise<void> => {
    for (let page = 0; page < pages; page += 1) await clock.pause(sampleLatency(ASSUMPTIONS.latencies.table, random));
    await clock.pause(environment.work(pages * ASSUMPTIONS.cpu.request + load.connections * ASSUMPTIONS.cpu.member));
    const pushes = Array.from({ length: load.audience }, () => push(environment, () => (lastAt = clock.now())));
    await Promise.all(pushes);
  };
  const work = await secondRun(account, async () => {
    sentAt = clock.now();
    await clock.pause(sampleLatency(ASSUMPTIONS.latencies.route, random));
    await invoke(broadcast);
  });
  return { ...work, lastSeconds: (lastAt - sentAt) / 1000 };
}
