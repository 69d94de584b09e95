import type { ServerFrame } from "../../../chat/protocol/client-frames.ts";
import { disagreements } from "../storm/agreement.ts";
import { isPublic } from "./cases.ts";
import type { Socket, View, World } from "./world.ts";

/** What clients were told, and what that promises. */
export interface Standing {
  readonly carol: Socket;
  readonly ben: Socket;
  /** Undefined while she is not connected. */
  anna?: Socket | undefined;
  /** All that the scenario is about. */
  readonly channels: readonly string[];
  readonly names: readonly string[];
  readonly acknowledged: { readonly id: string; readonly channel: string }[];
  /** False answers that were noticed on the way. */
  readonly faults: string[];
  /** What the last answer says of anna's membership. */
  readonly moved: Map<string, "in" | "out" | "unknown">;
  /** The users that an acknowledged frame of anna removed: from a channel, or from all. */
  removed?: { readonly user: string; readonly channel?: string };
  /** The user that an acknowledged frame of anna banned. */
  banned?: string;
  /**
   * The members of each channel as carol's client shows them: the answers of `members`, and all notices since. Undefined
   * where channels are too large for notices.
   */
  view?: View;
}

/** Each broken promise in a sentence. The promises are in docs/reliability.md. */
export async function violations(world: World, standing: Standing): Promise<string[]> {
  const audits = await sayEverywhere(world, standing);
  const { sockets, chat } = world;
  const connectionIds = sockets.filter(({ isOpen }) => isOpen).map(({ id }) => id);
  return [
    ...standing.faults,
    ...[...audits].flatMap((audit) => wronglyHeard(standing, audit)),
    // After one fan-out, the table says the same everywhere, and nothing of a connection that is gone.
    ...(await disagreements(chat, { connectionIds, channels: standing.channels })),
    ...(await keptWrongly(world, standing)),
    ...(await shownWrongly(world, standing)),
    ...(await heldWrongly(world, standing)),
    ...(await admittedWrongly(world, standing)),
  ];
}

/** One fan-out in each channel, from a member that is still there. Gives the texts, by channel. */
async function sayEverywhere(world: World, { carol, ben, channels }: Standing): Promise<Map<string, string>> {
  const said = new Map<string, string>();
  for (const channel of channels) {
    const data = `audit of ${channel}`;
    const speaker = (await isMember(world, carol, channel)) ? carol : ben;
    if (!(await isMember(world, speaker, channel))) continue;
    world.pass(60_000);
    await world.send(speaker, { message: "sendmessage", channel, data });
    await world.drain();
    said.set(channel, data);
  }
  return said;
}

const isMember = async ({ chat }: World, { id, isOpen }: Socket, channel: string): Promise<boolean> =>
  isOpen && ((await chat.connections.get(id))?.memberships ?? []).some((shard) => shard.channel === channel);

function wronglyHeard(standing: Standing, [channel, text]: readonly [string, string]): string[] {
  const { anna, ben, moved, removed } = standing;
  const isBenOut = removed?.user === "ben" && (removed.channel ?? channel) === channel;
  const bens = isBenOut && timesHeard(ben, text) > 0 ? [`ben was removed from ${channel}, and hears it`] : [];
  if (!anna) return bens;
  const promised = moved.get(channel) ?? (channel === "lobby" ? "in" : "out");
  return [...bens, ...wrongTimes({ channel, promised, times: timesHeard(anna, text) })];
}

interface Heard {
  readonly channel: string;
  readonly promised: "in" | "out" | "unknown";
  readonly times: number;
}

function wrongTimes({ channel, promised, times }: Heard): string[] {
  if (promised === "in" && times === 0) return [`anna was told that she is in ${channel}, and is deaf`];
  if (promised === "out" && times > 0) return [`anna was told that she is not in ${channel}, and hears it`];
  return times > 1 ? [`anna hears ${channel} more than once`] : [];
}

const timesHeard = ({ heard }: Socket, text: string): number =>
  heard.filter((frame) => (typeof frame === "string" ? frame : frame.type === "message" && frame.data) === text).length;

/** Every acknowledged message is in the history once. */
async function keptWrongly(world: World, { carol, acknowledged }: Standing): Promise<string[]> {
  const wrong: string[] = [];
  for (const { id, channel } of acknowledged.filter((each) => isPublic(each.channel))) {
    const ids = await world.history(carol, channel);
    if (ids.filter((each) => each === id).length !== 1)
      wrong.push("an acknowledged message is not in the history once");
  }
  return wrong;
}

/** A client that follows the notices shows what `members` says. */
async function shownWrongly(world: World, { carol, channels, view: shownBy }: Standing): Promise<string[]> {
  if (!shownBy) return [];
  const view: View = new Map(shownBy);
  for (const frame of carol.heard) if (typeof frame === "object") follow(view, frame);
  const listed = await world.listed(channels);
  return channels.filter(isPublic).flatMap((channel) => {
    const [there, shown] = [listed.get(channel) ?? new Set<string>(), view.get(channel) ?? new Set<string>()];
    const unseen = [...there].filter((user) => !shown.has(user));
    const stale = [...shown].filter((user) => !there.has(user));
    return [
      ...unseen.map((user) => `nobody was notified that ${nameOf(user)} is in ${channel}`),
      ...stale.map((user) => `nobody was notified that ${nameOf(user)} is not in ${channel}`),
    ];
  });
}

const nameOf = (user: string): string => user.replace(/^guest-.*/, "a guest");

function follow(view: View, frame: ServerFrame): void {
  if (frame.type !== "joined" && frame.type !== "left" && frame.type !== "named") return;
  const users = view.get(frame.channel);
  if (frame.type === "named") users?.delete(frame.before);
  if (frame.type === "left") users?.delete(frame.user);
  else users?.add(frame.user);
}

/** A banned user has no open connection, and cannot open one. */
async function admittedWrongly(world: World, { banned }: Standing): Promise<string[]> {
  if (banned === undefined) return [];
  const isOpen = world.sockets.some((socket) => socket.user === banned && socket.isOpen);
  const { socket } = await world.connect(banned);
  return isOpen || socket.isOpen ? [`${banned} was banned, and is connected`] : [];
}

/** An unused name can be chosen, and a disconnected user can connect again, whatever the limits. */
async function heldWrongly(world: World, { anna, names }: Standing): Promise<string[]> {
  const wrong: string[] = [];
  const { socket: dora } = await world.connect("dorothea");
  const called = await world.calledNow();
  for (const name of new Set(names.filter((each) => !called.includes(each)))) {
    const { answer } = await world.send(dora, { message: "name", data: name });
    if (answer?.type === "error" && answer.code === "name-taken")
      wrong.push(`nobody is called ${name}, and it is taken`);
  }
  if (anna) await world.disconnect(anna);
  world.pass(60_000);
  const { socket } = await world.connect("anna");
  return socket.isOpen ? wrong : [...wrong, "anna has gone, and cannot connect again"];
}
