import { openAccount, type Usage } from "../account.ts";
import { quantileOf } from "../deliveries.ts";
import type { Quotas } from "../quotas.ts";
import { SimulatedChat } from "../simulated-chat.ts";

export interface ReconnectStorm {
  readonly clients: number;
  /** Seconds until this share of the clients was connected again. */
  readonly backAfter: (share: number) => number;
  /** Handshakes that were refused. */
  readonly refused: number;
  /** The number of members in the largest shard. */
  readonly largestShard: number;
  readonly shards: number;
  /** Milliseconds that the first message after the storm took to reach the last client. */
  readonly delivery: number;
  readonly usage: Usage;
}

export interface ReconnectStormOptions {
  readonly clients: number;
  readonly quotas?: Partial<Quotas>;
  /** Messages during the storm make the channel grow. */
  readonly secondsBetweenMessages: number;
}

/** Clients wait a random time up to this before the first retry. It doubles with each retry, up to the maximum. */
const BACKOFF_MILLISECONDS = 1_000;
const BACKOFF_MILLISECONDS_MAX = 30_000;

/** All clients have lost their connections at once and reconnect. */
export async function reconnectAll(options: ReconnectStormOptions): Promise<ReconnectStorm> {
  const { clients, quotas, secondsBetweenMessages } = options;
  const account = openAccount({ seed: 1, ...(quotas && { quotas }) });
  const { clock, random } = account;
  const chat = new SimulatedChat(account);
  const back: number[] = [];
  let refused = 0;

  const reconnect = async (): Promise<void> => {
    for (let attempt = 0; !(await chat.connect()); attempt += 1) {
      refused += 1;
      await clock.pause(random() * Math.min(BACKOFF_MILLISECONDS * 2 ** attempt, BACKOFF_MILLISECONDS_MAX));
    }
    back.push(clock.now());
  };
  const sendMessages = async (): Promise<void> => {
    while (back.length < clients) {
      void chat.sendMessage();
      await clock.pause(secondsBetweenMessages * 1000);
    }
    while (!(await chat.sendMessage()));
  };
  for (let client = 0; client < clients; client += 1) void reconnect();
  void sendMessages();
  await clock.run();

  return {
    clients,
    backAfter: (share) => (back[Math.floor((clients - 1) * share)] ?? Number.NaN) / 1000,
    refused,
    largestShard: Math.max(...chat.audience.shards.map((shard) => shard.length)),
    shards: chat.audience.shards.length,
    delivery: quantileOf(chat.deliveries.at(-1)?.times() ?? new Float64Array(), 1),
    usage: account.usage,
  };
}
