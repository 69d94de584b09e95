import type { Scheduler } from "fast-check";
import { runFanOutTask } from "../../../chat/fan-out/fan-out.ts";
import { connect } from "../../../chat/use-cases/connect.ts";
import { disconnect } from "../../../chat/use-cases/disconnect.ts";
import { join } from "../../../chat/use-cases/join.ts";
import { leave } from "../../../chat/use-cases/leave.ts";
import { sendMessage } from "../../../chat/use-cases/send-message.ts";
import { NOON } from "../builders.ts";
import { aChat, type Chat } from "../chat.ts";
import { interleaved } from "./interleaved.ts";

type Channel = "lobby" | "ops";

export interface ShardStep {
  readonly act: "connect" | "join" | "send" | "grow" | "leave" | "disconnect" | "vanish" | "join and die";
  readonly user: number;
  readonly channel: Channel;
  /** For `grow`: the number of shards is two to this power. */
  readonly power: number;
  /** The time until the next step. */
  readonly seconds: number;
}

interface Client {
  readonly id: string;
  readonly connectedAt: number;
  isOpen: boolean;
  /** Whether a `join` or a `leave` is pending. */
  isMoving: boolean;
  /** Channels whose `join` was acknowledged, and that the client has not begun to leave. */
  readonly isIn: Set<Channel>;
  readonly received: Set<string>;
}

const CONNECTION_MILLISECONDS = 2 * 60 * 60 * 1000;
const CHANNELS: readonly Channel[] = ["lobby", "ops"];
const times = { receivedAt: NOON, deadline: Number.POSITIVE_INFINITY };

/** Clients in channels that grow and shrink. The scheduler decides the order of calls. */
export class ShardStorm {
  /** A sentence for each lost message. */
  readonly wrong: string[] = [];
  readonly #chat: Chat;
  readonly #ports: Chat;
  readonly #clients: Client[] = [];
  #expected: { readonly text: string; readonly channel: Channel; readonly members: readonly Client[] }[] = [];
  #texts = 0;
  #now = NOON;

  constructor(scheduler: Scheduler) {
    this.#chat = aChat({ now: () => this.#now });
    const push: Chat["push"] = async (id, text) => {
      const client = this.#clients[Number(id)];
      if (!client?.isOpen) return "gone";
      client.received.add(text);
      return "delivered";
    };
    this.#ports = interleaved(scheduler, { ...this.#chat, push });
  }

  /** Performs all steps concurrently. Then checks that each message reached every client that was a member all the time. */
  async play(steps: readonly ShardStep[]): Promise<void> {
    const running: Promise<unknown>[] = [];
    for (const step of steps) {
      running.push(this.#act(step));
      this.#now += step.seconds * 1000;
    }
    await Promise.all(running);
    for (let task = this.#chat.tasks.shift(); task; task = this.#chat.tasks.shift()) {
      await runFanOutTask(this.#ports, task, times);
    }
    for (const { text, channel, members } of this.#expected) {
      const missed = members.filter(({ isOpen, isIn, received }) => isOpen && isIn.has(channel) && !received.has(text));
      this.wrong.push(...missed.map(({ id }) => `${id} was in ${channel}, and did not receive ${text}`));
    }
    this.#expected = [];
  }

  /** API Gateway closes connections after two hours. Not every `$disconnect` arrives. */
  async pass(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    for (const client of this.#clients) {
      if (!client.isOpen || this.#now - client.connectedAt < CONNECTION_MILLISECONDS) continue;
      client.isOpen = false;
      if (Number(client.id) % 2 === 0) await this.#disconnect(client);
    }
  }

  async sendToAllChannels(): Promise<void> {
    const own = { user: 0, power: 1, seconds: 60 };
    for (const channel of CHANNELS) await this.play([{ ...own, act: "send", channel }]);
  }

  async #act({ act, user, channel, power }: ShardStep): Promise<void> {
    if (act === "connect") return this.#connect();
    if (act === "grow") return this.#ports.channels.grow(channel, 2 ** power);
    const open = this.#clients.filter(({ isOpen, isIn }) => isOpen && (act !== "send" || isIn.has(channel)));
    const client = open[user % open.length];
    if (!client) return;
    if (act === "send") return this.#send(client, channel);
    if (act !== "disconnect" && act !== "vanish") return this.#move(act, client, channel);
    client.isOpen = false;
    if (act === "disconnect") await this.#disconnect(client);
  }

  async #connect(): Promise<void> {
    const client: Client = {
      ...{ id: String(this.#clients.length), connectedAt: this.#now },
      ...{ isOpen: false, isMoving: false, isIn: new Set(), received: new Set() },
    };
    this.#clients.push(client);
    const { id, connectedAt } = client;
    await connect(this.#ports, { connection: { id, connectedAt }, subprotocols: [], address: "192.0.2.1" });
    client.isOpen = true;
    client.isIn.add("lobby");
  }

  async #disconnect(client: Client): Promise<void> {
    await disconnect(this.#ports, client.id);
  }

  async #send(client: Client, channel: Channel): Promise<void> {
    const connected = await this.#chat.connections.get(client.id);
    if (!connected) return;
    this.#texts += 1;
    const data = `message ${this.#texts}`;
    this.#expected.push({ text: data, channel, members: this.#clients.filter(({ isIn }) => isIn.has(channel)) });
    await sendMessage(this.#ports, { connected, route: "sendmessage", ...times, frame: { channel, data } as never });
  }

  async #move(act: "join" | "join and die" | "leave", client: Client, channel: Channel): Promise<void> {
    if (client.isMoving) return;
    client.isMoving = true;
    if (act === "join") await this.#join(client, channel);
    else await (act === "leave" ? this.#leave(client, channel) : this.#joinAndDie(client, channel));
    client.isMoving = false;
  }

  async #join(client: Client, channel: Channel, ports = this.#ports): Promise<void> {
    const connected = await this.#chat.connections.get(client.id);
    if (!connected) return;
    const { reply } = await join(ports, { connected, route: "join", ...times, frame: { channel } as never });
    if (reply) client.isIn.add(channel);
  }

  /** The invocation ends after its first write. */
  async #joinAndDie(client: Client, channel: Channel): Promise<void> {
    const die = (): Promise<never> => Promise.reject(new Error("The function has died."));
    const { connections, members } = this.#ports;
    const dying = { ...this.#ports, connections: { ...connections, join: die }, members: { ...members, remove: die } };
    await this.#join(client, channel, dying).catch(() => undefined);
  }

  async #leave(client: Client, channel: Channel): Promise<void> {
    client.isIn.delete(channel);
    for (const expected of this.#expected.filter((each) => each.channel === channel)) {
      this.#expected.splice(this.#expected.indexOf(expected), 1, {
        ...expected,
        members: expected.members.filter((member) => member !== client),
      });
    }
    const connected = await this.#chat.connections.get(client.id);
    if (connected) await leave(this.#ports, { connected, route: "leave", ...times, frame: { channel } as never });
  }
}
