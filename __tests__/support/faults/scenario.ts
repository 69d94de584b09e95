import { pairOf } from "../../../aws/table/keys.ts";
import { conversationLog, LOBBY } from "../../../chat/channel.ts";
import type { ClientFrame } from "../../../chat/protocol/client-frames.ts";
import { LAST_MESSAGE } from "../functions-on-table.ts";
import { allMembers } from "../memory.ts";
import { type FaultCase, isPublic, type NextAction } from "./cases.ts";
import { type Standing, violations, wrongChannels } from "./guarantees.ts";
import type { Fault } from "./ports.ts";
import { type Entries, type Ran, type Socket, World } from "./world.ts";

export interface Scenario {
  readonly of: FaultCase;
  readonly nextAction: NextAction;
  /** In anna's action. */
  readonly fault?: Fault | undefined;
  /** In anna's next action. */
  readonly second?: Fault | undefined;
}

/** The result of a scenario: the calls of the run with the fault, and a sentence for each violated guarantee. */
export interface Played {
  readonly calls: readonly string[];
  readonly wrong: readonly string[];
}

export async function play(entries: Entries, scenario: Scenario): Promise<Played> {
  const world = new World(entries, scenario.of);
  const standing = await prepare(world, scenario.of);
  const { calls } = await act(world, standing, scenario);
  world.pass(60_000);
  await actNext(world, standing, scenario);
  world.pass(60_000);
  await world.drain();
  const wrong = await violations(world, standing);
  if (!standing.isLasting) return { calls, wrong };
  await reconnect(world, standing);
  return { calls, wrong: [...wrong, ...(await wrongChannels(world, standing))] };
}

/** A message to a lobby with two shards. A worker delivers to the second shard, and its first run has the fault. */
export async function playWorker(entries: Entries, fault?: Fault): Promise<Played> {
  const world = new World(entries, { doing: "$default" });
  await world.chat.channels.grow("lobby", 2);
  // Until an eventually consistent read shows the second shard.
  world.pass(60_000);
  const sockets = [];
  for (const user of ["carol", "ben", "anna"]) sockets.push((await world.connect(user)).socket);
  const [carol, , anna] = sockets as [Socket, Socket, Socket];
  anna.isOpen = false;
  world.pass(60_000);
  const data = "to all shards";
  await world.send(carol, { message: "sendmessage", data });
  const { calls } = await world.drain(fault);
  // A fan-out that could not remove a connection leaves that to the next one.
  await world.send(carol, { message: "sendmessage", data: "once more" });
  await world.drain();
  const missed = sockets.filter(({ isOpen, received }) => isOpen && !JSON.stringify(received).includes(data));
  const listed = (await allMembers(world.chat.members, { channel: "lobby", shard: 1 })).map(({ id }) => id);
  return {
    calls,
    wrong: [
      ...missed.map(({ user }) => `${user} did not receive an acknowledged message`),
      ...(listed.includes(anna.id) ? ["anna is gone, and listed after another fan-out"] : []),
    ],
  };
}

/** Connects all users, and runs the frames before the tested action. The user carol only receives. */
async function prepare(world: World, of: FaultCase): Promise<Standing> {
  const { doing, before = [], other = [], shards = 1, settings } = of;
  const isLasting = settings?.lastingMembership === true;
  const frames = framesOf(of);
  const channels = [...new Set(["lobby", ...frames.flatMap((frame) => channelOf(frame) ?? [])])];
  const names = frames.flatMap((frame) => (frame.message === "name" ? [frame.data] : []));
  for (const channel of channels) await world.chat.channels.grow(channel, shards);
  const { socket: carol } = await world.connect("carol");
  for (const channel of channels.filter(isPublic)) await world.send(carol, { message: "join", channel });
  const { socket: ben } = await world.connect("ben");
  const standing: Standing = {
    carol,
    ben,
    channels,
    names,
    isLasting,
    acknowledged: [],
    acknowledgedDirect: [],
    faults: [],
    moved: new Map(),
  };
  const isGuestOfAnna = before.some(({ message }) => message === "invite");
  const sendFramesOfBen = async () => {
    for (const frame of other) await world.send(ben, frame);
  };
  if (!isGuestOfAnna) await sendFramesOfBen();
  await playEarlier(world, standing, of);
  if (doing !== "$connect") {
    standing.anna = (await world.connect("anna")).socket;
    for (const frame of before) await send(world, standing, { frame });
  }
  if (isGuestOfAnna) await sendFramesOfBen();
  world.pass(60_000);
  // Channels with several shards, and lasting channels, get no notices when a connection opens or closes.
  if (shards === 1) standing.view = await world.listed(isLasting ? ["lobby"] : channels);
  carol.received.length = 0;
  return standing;
}

const framesOf = ({ doing, before = [], other = [], earlier = [] }: FaultCase): ClientFrame[] => [
  ...[...before, ...other, ...earlier],
  ...(typeof doing === "string" ? [] : [doing]),
];

/** Opens a connection of anna, sends its frames, and ends it. */
async function playEarlier(world: World, standing: Standing, { earlier = [] }: FaultCase): Promise<void> {
  if (earlier.length === 0) return;
  standing.anna = (await world.connect("anna")).socket;
  for (const frame of earlier) await send(world, standing, { frame });
  await world.disconnect(standing.anna);
  standing.anna = undefined;
}

const channelOf = (frame: object): string | undefined => ("channel" in frame ? String(frame.channel) : undefined);

async function act(world: World, standing: Standing, { of: { doing }, nextAction, fault }: Scenario): Promise<Ran> {
  if (doing === "$connect") {
    const { socket, ran } = await world.connect("anna", fault);
    if (socket.isOpen) standing.anna = socket;
    return ran;
  }
  const socket = standing.anna as Socket;
  if (doing === "$disconnect") {
    standing.anna = undefined;
    return world.disconnect(socket, fault);
  }
  const frame = typeof doing === "string" ? ({ message: doing } as never) : framed(doing, nextAction);
  return send(world, standing, { frame, fault });
}

/** The frame with the id for its repeats, or without an id. */
const framed = ({ ...frame }: ClientFrame, nextAction: NextAction): ClientFrame => {
  const { id: _, ...bare } = frame;
  return (nextAction === "repeats without an id" ? bare : { ...bare, id: "r-1" }) as ClientFrame;
};

async function actNext(world: World, standing: Standing, scenario: Scenario): Promise<void> {
  const { of, nextAction, second: fault } = scenario;
  if (nextAction === "reconnects") return reconnect(world, standing, fault);
  if (nextAction === "stays away" || typeof of.doing === "string" || !standing.anna) return;
  const channel = channelOf(of.doing) ?? "";
  if (nextAction === "is revoked") return revoke(world, standing, { channel, fault });
  const next: Partial<Record<NextAction, ClientFrame>> = {
    joins: { message: "join", channel },
    leaves: { message: "leave", channel },
  };
  await send(world, standing, { frame: next[nextAction] ?? framed(of.doing, nextAction), fault, isLast: true });
}

async function revoke(
  world: World,
  standing: Standing,
  { channel, fault }: { readonly channel: string; readonly fault: Fault | undefined },
): Promise<void> {
  const frame = { message: "invite", channel, user: "anna", revoke: true } as const;
  const { answer } = await world.send(standing.ben, frame, fault);
  standing.moved.set(channel, answer?.type === "ack" ? "out" : "unknown");
}

export async function reconnect(world: World, standing: Standing, fault?: Fault): Promise<void> {
  if (standing.anna) await world.disconnect(standing.anna);
  standing.anna = undefined;
  if (!standing.isLasting) standing.moved.clear();
  world.pass(60_000);
  const { socket } = await world.connect("anna", fault);
  if (socket.isOpen) standing.anna = socket;
  else if (!fault) standing.faults.push("anna cannot connect again");
}

interface Sending {
  readonly frame: ClientFrame;
  readonly fault?: Fault | undefined;
  /** No fault follows, so the answer must not report one. */
  readonly isLast?: boolean;
}

/** Sends a frame of anna, and records what its answer guarantees. */
async function send(world: World, standing: Standing, { frame, fault, isLast }: Sending): Promise<Ran> {
  const acknowledged = "direct" in frame ? standing.acknowledgedDirect : standing.acknowledged;
  const last = acknowledged.at(-1)?.id ?? LAST_MESSAGE;
  const sent = JSON.parse(JSON.stringify(frame).replace(LAST_MESSAGE, last)) as ClientFrame;
  const ran = await world.send(standing.anna as Socket, sent, fault);
  const { answer } = ran;
  if (sent.message === "join" || sent.message === "leave") standing.moved.set(sent.channel, "unknown");
  if (answer?.type === "ack") recordGuarantee(standing, sent, answer.message);
  if (answer?.type === "ack" && sent.message === "direct" && world.chat.directConversations)
    standing.acknowledgedDirect.push({ id: String(answer.message), to: sent.to });
  const isFaulty = answer?.type === "error" && answer.code === "internal";
  if (isLast && !fault && isFaulty) standing.faults.push("the repeat failed");
  return ran;
}

/** Where the message of a frame of anna is stored. */
const logOf = ({
  channel = LOBBY,
  direct,
}: Pick<Extract<ClientFrame, { message: "edit" }>, "channel" | "direct">): string =>
  direct === undefined ? channel : conversationLog(pairOf("anna", { name: direct }));

/** Records what the acknowledgement of a frame guarantees. */
function recordGuarantee(standing: Standing, frame: ClientFrame, id: string | undefined): void {
  switch (frame.message) {
    case "join":
    case "leave":
      standing.moved.set(frame.channel, frame.message === "join" ? "in" : "out");
      break;
    case "sendmessage":
      if (id !== undefined) standing.acknowledged.push({ id, channel: frame.channel ?? "lobby" });
      break;
    case "edit":
    case "delete":
      standing.changed = { id: frame.target, channel: logOf(frame), direct: frame.direct, by: frame.message };
      break;
    case "ban":
      standing.removed = { user: frame.user };
      standing.banned = frame.user;
      break;
    case "read":
      standing.read = frame;
      break;
    case "react":
      standing.reacted = { channel: logOf(frame), id: frame.target };
      break;
    case "kick":
      standing.removed = { user: frame.user };
      break;
    case "invite":
      if (frame.revoke) standing.removed = { user: frame.user, channel: frame.channel };
  }
}
