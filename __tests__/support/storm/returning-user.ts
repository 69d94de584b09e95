import type { ServerFrame, ServerFrameOf } from "../../../chat/protocol/client-frames.ts";
import type { Connect } from "./client-connection.ts";
import { Device } from "./device.ts";
import { LastChange } from "./last-change.ts";

/** The next action of a user, on one of the user's devices. `pick` selects a channel, a message, an emoji or a user. */
export interface ReturningStep {
  readonly user: number;
  readonly act: (typeof ACTS)[number]["act"];
  readonly device: number;
  readonly channel: number;
  readonly pick: number;
  /** Whether the user waits for the answer before the next step. */
  readonly waits: boolean;
}

export const ACTS = [
  { act: "join", weight: 6 },
  { act: "leave", weight: 2 },
  { act: "send", weight: 6 },
  { act: "edit", weight: 3 },
  { act: "delete", weight: 2 },
  { act: "react", weight: 4 },
  { act: "direct", weight: 4 },
  { act: "change direct", weight: 5 },
  { act: "read", weight: 9 },
  { act: "unread", weight: 2 },
  { act: "come or go", weight: 5 },
] as const;

export const DEVICES = 2;
export const CHANNELS = ["lobby", "dev", "ops"];
const EMOJIS = ["👍", "🎉", null];

export interface StormMessage {
  readonly id: string;
  readonly channel: string;
  readonly from: string;
  isDeleted: boolean;
  /** Edits of one message wait for each other: an edit that loses to two others fails. */
  editing: Promise<unknown>;
}

export interface StormDirect {
  readonly from: string;
  readonly to: string;
  readonly data: string;
  /** From the acknowledgement. */
  id?: string;
  isDeleted: boolean;
  /** It may have been edited or deleted, so its text can be another one. */
  isChanged: boolean;
  editing: Promise<unknown>;
}

interface Changing {
  readonly message: Pick<StormMessage, "isDeleted" | "editing">;
  readonly place: { readonly target: string } & ({ readonly channel: string } | { readonly direct: string });
  readonly pick: number;
}

/** What all users have sent. */
export interface Sent {
  readonly messages: StormMessage[];
  readonly directs: StormDirect[];
}

/** A user with several devices, whose connections come and go. */
export class ReturningUser {
  readonly devices: readonly Device[];
  readonly memberships = new Map<string, LastChange<boolean>>();
  /** The emoji of the user, by the id of the message. */
  readonly reactions = new Map<string, LastChange<string | null>>();
  /** Acknowledged reads and others, by channel or by the other user of a conversation. */
  readonly reads = new Map<string, { readonly acknowledged: string[]; readonly all: string[] }>();
  readonly wrong: string[] = [];
  readonly name: string;
  readonly #sent: Sent;
  readonly #names: readonly string[];
  #texts = 0;

  constructor(name: string, { connect, sent, names }: { connect: Connect; sent: Sent; names: readonly string[] }) {
    this.name = name;
    this.#sent = sent;
    this.#names = names;
    this.devices = Array.from({ length: DEVICES }, () => new Device(name, connect));
  }

  /** Performs the steps in order. Resolves when no request is pending. */
  async play(steps: readonly ReturningStep[]): Promise<void> {
    const running: Promise<unknown>[] = [];
    for (const step of steps) {
      const done = this.#perform(step);
      running.push(done);
      if (step.waits) await done;
    }
    await Promise.all(running);
  }

  /** Ends all connections, and connects again. */
  async return(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.end("close")));
    await Promise.all(this.devices.map((device) => device.open()));
  }

  /** Sends a message to each channel of the user, and reads the channels and the conversations on all devices. */
  async catchUp(): Promise<void> {
    await Promise.all(CHANNELS.map((channel) => this.#send(this.devices[0] as Device, channel)));
    for (const device of this.devices) {
      for (const channel of CHANNELS) await device.resume(channel);
      for (const name of this.#names) await device.resumeConversation(name);
    }
  }

  #perform(step: ReturningStep): Promise<unknown> {
    const { act, pick } = step;
    const device = this.devices[step.device] as Device;
    const channel = String(CHANNELS[step.channel]);
    switch (act) {
      case "join":
      case "leave":
        return this.#move(device, act, String(CHANNELS[1 + (pick % 2)]));
      case "send":
        return this.#send(device, channel);
      case "direct":
        return this.#sendDirect(device, String(this.#names[pick % this.#names.length]), step.waits);
      case "change direct":
        return this.#changeDirect(device, pick);
      case "read":
        return pick % 2 === 0 ? this.#readChannel(device, channel, pick) : this.#readDirect(device, pick);
      case "unread":
        return this.#checkMarkers(device);
      case "come or go":
        return this.#comeOrGo(device, channel, pick);
      default:
        return this.#change(device, act, pick);
    }
  }

  async #comeOrGo(device: Device, channel: string, pick: number): Promise<void> {
    if (device.isOpen) return device.end(pick % 3 === 0 ? "terminate" : "close");
    await device.open();
    await device.resume(channel);
  }

  #move(device: Device, act: "join" | "leave", channel: string): Promise<void> {
    const changes = valueIn(this.memberships, channel, () => new LastChange<boolean>());
    return changes.attempt(act === "join", () => device.request({ message: act, channel }));
  }

  async #send(device: Device, channel: string): Promise<void> {
    const answer = await device.request({ message: "sendmessage", channel, data: this.#newText() });
    if (answer?.type !== "ack" || answer.message === undefined) return;
    const made = { id: answer.message, channel, from: this.name, isDeleted: false, editing: Promise.resolve() };
    this.#sent.messages.push(made);
  }

  /** Sends the same frame from all devices, or from one. */
  async #sendDirect(device: Device, to: string, isRepeated: boolean): Promise<void> {
    const state = { isDeleted: false, isChanged: false, editing: Promise.resolve() };
    const direct: StormDirect = { from: this.name, to, data: this.#newText(), ...state };
    this.#sent.directs.push(direct);
    const frame = { message: "direct", to, data: direct.data, id: `once ${direct.data}` };
    const answers = await Promise.all((isRepeated ? this.devices : [device]).map((each) => each.request(frame)));
    for (const answer of answers) if (answer?.type === "ack") this.#acknowledge(direct, String(answer.message));
  }

  #acknowledge(direct: StormDirect, id: string): void {
    if (direct.id !== undefined && direct.id !== id)
      this.wrong.push(`"${direct.data}" has the ids ${direct.id}, ${id}`);
    direct.id = id;
  }

  async #change(device: Device, act: "edit" | "delete" | "react", pick: number): Promise<void> {
    const all = this.#sent.messages.filter(({ from }) => act === "react" || from === this.name);
    const message = all[pick % all.length];
    if (!message) return this.#send(device, "lobby");
    const { id: target, channel } = message;
    await this.#changeAt(device, act, { message, place: { channel, target }, pick });
  }

  /** Changes a direct message of the user, or reacts to one of the conversations of the user. */
  async #changeDirect(device: Device, pick: number): Promise<void> {
    const act = (["edit", "delete", "react", "react"] as const)[pick % 4] ?? "react";
    const own = this.#sent.directs.filter(
      ({ from, to }) => from === this.name || (act === "react" && to === this.name),
    );
    const message = own.filter(({ id }) => id)[pick % own.length];
    if (!message) return;
    message.isChanged ||= act !== "react";
    const place = { direct: message.from === this.name ? message.to : message.from, target: String(message.id) };
    await this.#changeAt(device, act, { message, place, pick });
  }

  async #changeAt(device: Device, act: "edit" | "delete" | "react", { message, place, pick }: Changing): Promise<void> {
    if (act === "edit") {
      const editing = () => device.request({ message: "edit", ...place, data: this.#newText() });
      message.editing = message.editing.then(editing);
      await message.editing;
    } else if (act === "delete") {
      const answer = await device.request({ message: "delete", ...place });
      message.isDeleted ||= answer?.type === "ack";
    } else {
      const emoji = EMOJIS[pick % EMOJIS.length] ?? null;
      const changes = valueIn(this.reactions, place.target, () => new LastChange<string | null>());
      await changes.attempt(emoji, () => device.request({ message: "react", ...place, emoji }));
    }
  }

  async #readChannel(device: Device, channel: string, pick: number): Promise<void> {
    const all = this.#sent.messages.filter((message) => message.channel === channel);
    const target = all[pick % all.length]?.id;
    if (target !== undefined)
      await this.#read(channel, target, () => device.request({ message: "read", channel, target }));
  }

  async #readDirect(device: Device, pick: number): Promise<void> {
    const all = this.#sent.directs.filter(({ from, to, id }) => id && (from === this.name || to === this.name));
    const message = all[pick % all.length];
    if (message?.id === undefined) return;
    const [direct, target] = [message.from === this.name ? message.to : message.from, message.id];
    await this.#read(`with ${direct}`, target, () => device.request({ message: "read", direct, target }));
  }

  async #read(key: string, target: string, request: () => Promise<ServerFrame | undefined>): Promise<void> {
    const reads = valueIn(this.reads, key, () => ({ acknowledged: [], all: [] }));
    reads.all.push(target);
    const answer = await request();
    if (answer?.type === "ack") reads.acknowledged.push(target);
  }

  /** A marker is at least where the reads before have put it. */
  async #checkMarkers(device: Device): Promise<void> {
    const before = new Map([...this.reads].map(([key, { acknowledged }]) => [key, latestOf(acknowledged)]));
    const answer = await device.request({ message: "unread" });
    if (answer?.type !== "unread") return;
    for (const { channel, read = "" } of (answer as ServerFrameOf<"unread">).counts) {
      const least = before.get(channel) ?? "";
      if (read < least) this.wrong.push(`The marker of ${this.name} in ${channel} was ${least}, and is ${read}`);
    }
  }

  #newText(): string {
    this.#texts += 1;
    return `${this.name} ${this.#texts}`;
  }
}

/** ULIDs sort by time. Empty if there are none. */
export const latestOf = (ids: readonly string[]): string => ids.reduce((one, other) => (one > other ? one : other), "");

function valueIn<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
