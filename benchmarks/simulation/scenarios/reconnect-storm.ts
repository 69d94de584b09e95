import { openAccount, type Usage } from "../account.ts";
import { SimulatedChat } from "../simulated-chat.ts";
import { quantile } from "../deliveries.ts";
import type { Quotas } from "../quotas.ts";

export interface Storm {
  readonly clients: number;
  /** Seconds until this share of them was back. */
  readonly backAfter: (share: number) => number;
  /** Handshakes that were refused. */
  readonly refused: number;
  /** Members of the largest shard, and how many shards there are. */
  readonly largestShard: number;
  readonly shards: number;
  /** Milliseconds until all had the first message that was said when all were back. */
  readonly delivery: number;
  readonly usage: Usage;
}

export interface StormOptions {
  readonly clients: number;
  readonly quotas?: Partial<Quotas>;
  /** What is said while they come back makes the channel grow. */
  readonly secondsBetweenMessages: number;
}

/** Clients that try again wait up to a second, then up to twice as long each time, up to this. */
const BACK_OFF_MILLISECONDS = 1_000;
const BACK_OFF_MILLISECONDS_MAX = 30_000;

/** Everybody has lost their connection at once, and comes back. */
export async function reconnect({ clients, quotas, secondsBetweenMessages }: StormOptions): Promise<Storm> {
  const account = openAccount({ seed: 1, ...(quotas && { quotas }) });
  const { clock, random } = account;
  const chat = new SimulatedChat(account);
  const back: number[] = [];
  let refused = 0;

  const comeBack = async (): Promise<void> => {
    for (let attempt = 0; !(await chat.connect()); attempt += 1) {
      refused += 1;
      await clock.pause(random() * Math.min(BACK_OFF_MILLISECONDS * 2 ** attempt, BACK_OFF_MILLISECONDS_MAX));
    }
    back.push(clock.now());
  };
  const talk = async (): Promise<void> => {
    while (back.length < clients) {
      void chat.say();
      await clock.pause(secondsBetweenMessages * 1000);
    }
    while (!(await chat.say()));
  };
  for (let client = 0; client < clients; client += 1) void comeBack();
  void talk();
  await clock.run();

  return {
    clients,
    backAfter: (share) => (back[Math.floor((clients - 1) * share)] ?? Number.NaN) / 1000,
    refused,
    largestShard: Math.max(...chat.audience.shards.map((shard) => shard.length)),
    shards: chat.audience.shards.length,
    delivery: quantile(chat.deliveries.at(-1)?.times() ?? new Float64Array(), 1),
    usage: account.usage,
  };
}
