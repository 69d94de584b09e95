import { LOBBY_SHARD, type Shard } from "../../chat/channel.ts";
import { fanOut, resume } from "../../chat/fan-out/fan-out.ts";
import { announce } from "../../chat/presence/presence.ts";
import type { ServerFrame } from "../../chat/protocol/client-frames.ts";
import type { Account } from "./account.ts";
import { Audience } from "./audience.ts";
import { Deliveries } from "./deliveries.ts";
import { eventQueue } from "./async-invocations.ts";
import { gateway } from "./api-gateway.ts";
import { type Environment, type Invoke, lambda } from "./lambda.ts";
import { portsIn, type Surroundings } from "./ports.ts";
import { partitionOfShard, table } from "./dynamodb.ts";

/** Of the functions, as handlers/routes.ts has them. */
const TIMEOUT_SECONDS = { connect: 10, sendMessage: 25, worker: 60 };

const { channel: CHANNEL } = LOBBY_SHARD;

/** The chat in an account, with all in its lobby: its own fan-out and presence, on ports that take time and quotas. */
export class SimulatedChat {
  readonly audience: Audience;
  /** Of each message. */
  readonly deliveries: Deliveries[] = [];
  /** The most functions that a part of a fan-out was handed on to. */
  hops = 0;
  readonly #surroundings: Surroundings;
  readonly #connect: Invoke;
  readonly #sendMessage: Invoke;

  constructor(account: Account) {
    this.audience = new Audience(account.clock.now);
    const functionOf = lambda(account);
    this.#connect = functionOf(TIMEOUT_SECONDS.connect);
    this.#sendMessage = functionOf(TIMEOUT_SECONDS.sendMessage);
    const leave = eventQueue(account, functionOf(TIMEOUT_SECONDS.worker));
    this.#surroundings = {
      account,
      audience: this.audience,
      gateway: gateway(account),
      table: table(account),
      hear: (id, text) => this.deliveries[Number(text)]?.hear(id, account.clock.now()),
      take: (task) => {
        this.hops = Math.max(this.hops, task.hops ?? 0);
        leave((own) => resume(portsIn(own, this.#surroundings), task, { deadline: own.deadline }));
      },
    };
  }

  /** Somebody else's frame, to whatever API of the account. False when the quota has no room for it. */
  admitsAnother(): boolean {
    return this.#surroundings.gateway.admits();
  }

  /** Somebody connects, and is in the channel. False when a quota keeps them out. */
  connect(): Promise<boolean> {
    return this.#route("handshake", () => this.#connect((environment) => this.#enter(environment)));
  }

  /** Somebody says something now. False when a quota keeps it from being said. */
  say(): Promise<boolean> {
    const data = String(this.deliveries.length);
    this.deliveries.push(new Deliveries(this.#surroundings.account.clock.now(), this.audience.size));
    const frame: ServerFrame = { type: "message", channel: CHANNEL, id: data, from: "guest", data, at: "" };
    return this.#route("frame", () => this.#sendMessage((environment) => this.#deliver(environment, frame)));
  }

  async #route(kind: "handshake" | "frame", invoke: () => ReturnType<Invoke>): Promise<boolean> {
    const { gateway, account } = this.#surroundings;
    const milliseconds = gateway.request(kind);
    if (milliseconds === undefined) return false;
    await account.clock.pause(milliseconds);
    return (await invoke()) === "succeeded";
  }

  /** What handlers/connect.ts does: finds a shard, stores connection and member, then tells a small channel. */
  async #enter(environment: Environment): Promise<void> {
    const { table } = this.#surroundings;
    await table(environment, { partition: partitionOfShard(LOBBY_SHARD), readUnits: 0.5 });
    const shard: Shard = { ...LOBBY_SHARD, shard: this.audience.shardForNext() };
    await table(environment, { writeUnits: 1 });
    await table(environment, { partition: partitionOfShard(shard), writeUnits: 1 });
    const about = this.audience.add(shard.shard);
    const frame = { type: "joined", channel: CHANNEL, user: about.user } as const;
    await announce(portsIn(environment, this.#surroundings), { channel: CHANNEL, frame, about });
  }

  /** What handlers/send-message.ts does: knows the sender, stores the message, then tells everybody. */
  async #deliver(environment: Environment, frame: ServerFrame): Promise<void> {
    const { table } = this.#surroundings;
    await table(environment, { readUnits: 1 });
    await table(environment, { partition: `LOG#${CHANNEL}`, writeUnits: 1 });
    const { deadline } = environment;
    await fanOut(portsIn(environment, this.#surroundings), { channel: CHANNEL, frame, deadline });
  }
}
