import { ulid } from "ulid";
import { LOBBY_SHARD, type Shard } from "../../chat/channel.ts";
import type { Connected } from "../../chat/connection.ts";
import { runFanOutTask } from "../../chat/fan-out/fan-out.ts";
import { announce } from "../../chat/presence/presence.ts";
import { sendMessage } from "../../chat/use-cases/send-message.ts";
import { routes, workers } from "../../handlers/routes.ts";
import type { Account } from "./account.ts";
import { apiGateway } from "./api-gateway.ts";
import { Audience, CONNECTED_AT, idOf } from "./audience.ts";
import { Deliveries } from "./deliveries.ts";
import { dynamodb, partitionOfShard } from "./dynamodb.ts";
import { asyncInvocations, type ExecutionEnvironment, type Invoke, lambda } from "./lambda.ts";
import { portsIn, type SimulatedServices } from "./ports.ts";

const { channel: CHANNEL } = LOBBY_SHARD;

/** The chat in an account, with all clients in the lobby. Its own code runs on ports that take simulated time and quotas. */
export class SimulatedChat {
  readonly audience: Audience;
  /** One for each message, in the order in which they were sent. */
  readonly deliveries: Deliveries[] = [];
  /** The longest chain of functions that handed over a part of a fan-out. */
  hops = 0;
  readonly #services: SimulatedServices;
  readonly #connect: Invoke;
  readonly #sendMessage: Invoke;

  constructor(account: Account) {
    this.audience = new Audience(account.clock.now);
    const functionWith = lambda(account);
    this.#connect = functionWith(timeoutOf("connect"));
    this.#sendMessage = functionWith(timeoutOf("send-message"));
    const invokeWorker = asyncInvocations(account, functionWith(timeoutOf("fan-out")));
    this.#services = {
      account,
      audience: this.audience,
      gateway: apiGateway(account),
      table: dynamodb(account),
      onDelivered: (id, text) => this.deliveries[Number(text)]?.record(id, account.clock.now()),
      onTask: (task) => {
        this.hops = Math.max(this.hops, task.hops ?? 0);
        invokeWorker((environment) =>
          runFanOutTask(portsIn(environment, this.#services), task, { deadline: environment.deadline }),
        );
      },
    };
  }

  /** Whether the quota admits a frame to another API of the account. */
  admitsFrameOfOthers(): boolean {
    return this.#services.gateway.admits();
  }

  /** A client connects and joins the lobby. False if a quota refuses it. */
  connect(): Promise<boolean> {
    return this.#route("handshake", () => this.#connect((environment) => this.#join(environment)));
  }

  /** A client sends a message. False if a quota refuses it. */
  sendMessage(): Promise<boolean> {
    const data = String(this.deliveries.length);
    this.deliveries.push(new Deliveries(this.#services.account.clock.now(), this.audience.size));
    return this.#route("frame", () => this.#sendMessage((environment) => this.#send(environment, data)));
  }

  async #route(kind: "handshake" | "frame", invoke: () => ReturnType<Invoke>): Promise<boolean> {
    const { gateway, account } = this.#services;
    const milliseconds = gateway.request(kind);
    if (milliseconds === undefined) return false;
    await account.clock.pause(milliseconds);
    return (await invoke()) === "succeeded";
  }

  /** The same requests as handlers/connect.ts: find a shard, store the connection and the member, notify a small channel. */
  async #join(environment: ExecutionEnvironment): Promise<void> {
    const { table } = this.#services;
    await table(environment, { partition: partitionOfShard(LOBBY_SHARD), readUnits: 0.5 });
    const shard: Shard = { ...LOBBY_SHARD, shard: this.audience.shardForNext() };
    await table(environment, { writeUnits: 1 });
    await table(environment, { partition: partitionOfShard(shard), writeUnits: 1 });
    const about = this.audience.add(shard.shard);
    const frame = { type: "joined", channel: CHANNEL, user: about.user } as const;
    await announce(portsIn(environment, this.#services), { channel: CHANNEL, frame, about });
  }

  /** Runs the use case of handlers/send-message.ts, after the read of the connection that identifies the sender. */
  async #send(environment: ExecutionEnvironment, data: string): Promise<void> {
    const { table, account } = this.#services;
    await table(environment, { readUnits: 1 });
    const ports = {
      ...portsIn(environment, this.#services),
      ...UNUSED_PORTS,
      messages: {
        async store() {
          await table(environment, { partition: `LOG#${CHANNEL}`, writeUnits: 1 });
          return true;
        },
        block: notSimulated,
      },
      newMessageId: () => ulid(Math.floor(account.clock.now())),
    };
    const frame = { channel: CHANNEL, data };
    const { deadline } = environment;
    const request = { connected: SENDER, route: "sendmessage", frame, receivedAt: account.clock.now(), deadline };
    const { refusal } = await sendMessage(ports, request);
    if (refusal) throw new Error(`The simulated message was refused: ${refusal.detail}`);
  }
}

/** The timeout in the route table. */
function timeoutOf(entry: string): number {
  const row = [...routes, ...workers].find((each) => each.entry === entry);
  if (!row) throw new Error(`handlers/routes.ts has no function "${entry}".`);
  return row.timeoutSeconds;
}

/** The first member of the lobby. */
const SENDER: Connected = {
  id: idOf(0),
  connectedAt: CONNECTED_AT,
  user: "guest",
  protocol: "plain",
  memberships: [LOBBY_SHARD],
};

const notSimulated = (): Promise<never> => Promise.reject(new Error("This call is not simulated."));

/** What `sendMessage` does not call for a member who sends a frame without an id, in a chat without moderators. */
const UNUSED_PORTS = {
  repeats: { claim: notSimulated, settle: notSimulated },
  mutes: { until: notSimulated },
  moderators: [],
  ownMessageMinutes: "off" as const,
  reviewer: "none" as const,
};
