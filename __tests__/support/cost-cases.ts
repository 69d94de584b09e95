import type { Config } from "../../aws/config.ts";
import { tagOf } from "../../aws/runtime.ts";
import { isFrame, sampleFrame } from "../../benchmarks/cold-start/events.ts";
import { DATA_BYTES_MAX } from "../../chat/message.ts";
import type { ClientFrame } from "../../chat/protocol/client-frames.ts";
import { routes } from "../../handlers/routes.ts";
import { type Doing, LAST_MESSAGE, type Publishing, routeOf } from "./functions-on-table.ts";

/** A frame or event of a connection whose capacity units are measured. Before the frames in `before`, the connection is a guest in the lobby. */
export interface CostCase {
  readonly doing: Doing;
  /** The name of the variant. */
  readonly variant?: string;
  /** The number of members of each channel of the case, including the connection itself. */
  readonly members: number;
  readonly before?: readonly ClientFrame[];
  /** The frames of an earlier connection of the same user, which has ended. */
  readonly earlier?: readonly ClientFrame[];
  /** The frames that another connection sent before. */
  readonly other?: readonly ClientFrame[];
  /** The users are authenticated. */
  readonly isAuthenticated?: true;
  /** Settings that are off by default. */
  readonly settings?: Partial<Config>;
  /** The code of the expected error. */
  readonly refused?: string;
}

const join = (channel: string) => ({ message: "join", channel }) as const;
const name = (data: string) => ({ message: "name", data }) as const;
const send = { message: "sendmessage", data: "See you at the station at nine." } as const;
const sendWithId = { ...send, id: "c-1" };
const leave = { message: "leave", channel: "lobby" } as const;
const direct = { message: "direct", to: "ben", data: send.data } as const;
const fiftyDirectMessages = Array.from({ length: 50 }, () => direct);
const typing = { message: "typing" } as const;

const inThree = [join("dev"), join("ops")];
const twentyJoins = Array.from({ length: 20 }, (_, index) => join(`channel-${index}`));
const fiftyMessages = Array.from({ length: 50 }, () => send);

/** Every user is in the group staff. */
const moderated = { isAuthenticated: true, settings: { moderators: ["staff"] } } as const;
/** Direct messages are stored. */
const storing = { isAuthenticated: true, settings: { directConversations: true } } as const;
/** Users stay in their channels. */
const lasting = { isAuthenticated: true, settings: { lastingMembership: true } } as const;
const moderatedLasting = { isAuthenticated: true, settings: { ...lasting.settings, moderators: ["staff"] } } as const;
/** Users can edit and delete their own messages. */
const own = { settings: { ownMessageMinutes: 15 } } as const;
const edit = { message: "edit", target: LAST_MESSAGE, data: "See you at the station at ten." } as const;
const readLast = { message: "read", target: LAST_MESSAGE } as const;
const reacting = { settings: { storesReactions: true } } as const;
const react = { message: "react", target: LAST_MESSAGE, emoji: "👍" } as const;
const otherReaction = { ...react, emoji: "🎉" } as const;

/** A direct message to ben, who is connected, can be edited, deleted and reacted to. */
const changing = {
  members: 10,
  other: [typing],
  before: [{ ...direct, id: "c-1" }],
  isAuthenticated: true,
} as const;
const changeable = { settings: { directConversations: true, ownMessageMinutes: 15, storesReactions: true } } as const;
const counted = { settings: { messageRate: { perSecond: 1, burst: 2 } } } as const;
const perAddress = { connectionsPerAddressMax: 10 };
const limited = {
  isAuthenticated: true,
  settings: { ...perAddress, connectionsPerUserMax: 10 },
} as const;
const [annas, bens] = [`~plans-${tagOf("anna")}`, `~plans-${tagOf("ben")}`];
const inviteTo = (channel: string, user: string) => ({ message: "invite", channel, user }) as const;

const CASES: readonly CostCase[] = [
  { doing: "$connect", members: 1 },
  { doing: "$connect", members: 10 },
  { doing: "$connect", members: 100 },
  { doing: "$connect", members: 200 },
  { doing: "$connect", variant: "authenticated", members: 10, isAuthenticated: true },
  { doing: "$connect", variant: "limits for each user and address", members: 10, ...limited },
  { doing: "$connect", variant: "direct messages are stored", members: 10, ...storing },
  { doing: "$connect", variant: "moderators", members: 10, ...moderated },
  { doing: "$connect", variant: "lasting membership", members: 10, ...lasting },
  {
    doing: "$connect",
    variant: "lasting membership in 5 channels",
    members: 10,
    earlier: twentyJoins.slice(0, 5),
    ...lasting,
  },
  { doing: "$connect", variant: "lasting membership in 20 channels", members: 10, earlier: twentyJoins, ...lasting },
  {
    doing: "$connect",
    variant: "lasting membership in 20 channels, moderators",
    members: 10,
    earlier: twentyJoins,
    ...moderatedLasting,
  },
  {
    doing: "$connect",
    variant: "lasting membership in a private channel, by invitation",
    members: 10,
    other: [join(bens), inviteTo(bens, "anna")],
    earlier: [join(bens), join("dev")],
    ...lasting,
  },
  { doing: "$disconnect", variant: "in 1 channel", members: 10 },
  { doing: "$disconnect", variant: "in 1 channel, authenticated", members: 10, isAuthenticated: true },
  { doing: "$disconnect", variant: "in 1 channel, with a name", members: 10, before: [name("anna")] },
  { doing: "$disconnect", variant: "in 3 channels", members: 10, before: inThree },
  { doing: "$disconnect", variant: "in 3 channels, with a name", members: 10, before: [...inThree, name("anna")] },
  { doing: "$disconnect", variant: "lasting membership, in 3 channels", members: 10, before: inThree, ...lasting },
  { doing: "$disconnect", variant: "a limit for each address", members: 10, settings: perAddress },
  { doing: "$default", members: 10 },
  { doing: send, members: 1 },
  { doing: send, members: 10 },
  { doing: send, members: 100 },
  { doing: send, members: 1000 },
  { doing: sendWithId, variant: "with an `id`", members: 1 },
  { doing: sendWithId, variant: "with an `id`", members: 10 },
  { doing: sendWithId, variant: "with an `id`", members: 100 },
  { doing: sendWithId, variant: "with an `id`", members: 1000 },
  { doing: sendWithId, variant: "a repeat", members: 10, before: [sendWithId] },
  { doing: { ...send, data: "a".repeat(DATA_BYTES_MAX) }, variant: "maximum length", members: 10 },
  {
    doing: { ...send, channel: "ops" },
    variant: "refused",
    members: 10,
    other: [join("ops")],
    refused: "not-a-member",
  },
  { doing: send, variant: "a message rate, after a pause", members: 10, ...counted },
  { doing: send, variant: "a message rate, right after another", members: 10, before: [send], ...counted },
  {
    doing: send,
    variant: "over the message rate",
    members: 10,
    before: [send, send],
    refused: "too-many-messages",
    ...counted,
  },
  { doing: send, variant: "moderators", members: 10, ...moderated },
  { doing: send, variant: "own messages can be edited", members: 10, ...own },
  { doing: join("ops"), variant: "a new channel", members: 1 },
  { doing: join("ops"), variant: "an existing channel", members: 10, other: [join("ops")] },
  { doing: join("ops"), variant: "an existing channel", members: 100, other: [join("ops")] },
  {
    doing: join("ops"),
    variant: "an existing channel, authenticated",
    members: 10,
    other: [join("ops")],
    isAuthenticated: true,
  },
  { doing: join("ops"), variant: "again", members: 10, before: [join("ops")] },
  {
    doing: join(bens),
    variant: "a private channel, by invitation",
    members: 10,
    other: [join(bens), inviteTo(bens, "anna")],
    isAuthenticated: true,
  },
  {
    doing: join("ops"),
    variant: "an existing channel, lasting membership",
    members: 10,
    other: [join("ops")],
    ...lasting,
  },
  { doing: leave, members: 10 },
  { doing: leave, members: 100 },
  { doing: leave, variant: "authenticated", members: 10, isAuthenticated: true },
  {
    doing: { message: "leave", channel: "ops" },
    variant: "lasting membership",
    members: 10,
    before: inThree,
    other: [join("ops")],
    ...lasting,
  },
  { doing: { message: "channels" }, variant: "20 channels", members: 2, other: twentyJoins },
  { doing: { message: "members" }, members: 10 },
  { doing: { message: "members" }, variant: "a page of 100", members: 200 },
  { doing: { message: "history" }, variant: "50 short messages", members: 2, other: fiftyMessages },
  {
    doing: { message: "history" },
    variant: "50 short messages, one with reactions",
    members: 2,
    before: [sendWithId, react],
    other: fiftyMessages,
    ...reacting,
  },
  {
    doing: { message: "history", direct: "ben" },
    variant: "50 short direct messages",
    members: 2,
    before: fiftyDirectMessages,
    other: [{ message: "members" }],
    ...storing,
  },
  {
    doing: { message: "conversations" },
    variant: "2 conversations",
    members: 2,
    before: [direct, { ...direct, to: "anna" }],
    other: [{ message: "members" }],
    ...storing,
  },
  { doing: direct, members: 10, other: [name("ben")] },
  {
    doing: direct,
    variant: "to an authenticated user",
    members: 10,
    other: [{ message: "members" }],
    isAuthenticated: true,
  },
  { doing: direct, variant: "stored, to a connected user", members: 10, other: [{ message: "members" }], ...storing },
  {
    doing: { ...direct, id: "c-1" },
    variant: "stored, with an `id`",
    members: 10,
    other: [{ message: "members" }],
    ...storing,
  },
  { doing: direct, variant: "to nobody", members: 10, refused: "unknown-user" },
  { doing: name("anna"), variant: "in 1 channel", members: 10 },
  { doing: name("anna"), variant: "in 3 channels", members: 10, before: inThree },
  { doing: name("anna"), variant: "in 1 channel, after another name", members: 10, before: [name("ann")] },
  { doing: name("ben"), variant: "which is taken", members: 10, other: [name("ben")], refused: "name-taken" },
  { doing: typing, members: 10 },
  { doing: typing, members: 100 },
  { doing: typing, members: 200 },
  { doing: inviteTo(annas, "ben"), members: 10, before: [join(annas)], other: [join("dev")], isAuthenticated: true },
  {
    doing: { message: "kick", user: "ben" },
    variant: "in 2 channels",
    members: 10,
    other: [join("dev")],
    ...moderated,
  },
  {
    doing: { message: "ban", user: "ben" },
    variant: "in 2 channels",
    members: 10,
    other: [join("dev")],
    ...moderated,
  },
  { doing: { message: "ban", user: "zoe" }, variant: "not connected", members: 10, ...moderated },
  { doing: { message: "unban", user: "ben" }, members: 10, ...moderated },
  { doing: { message: "mute", user: "ben", seconds: 60 }, members: 10, ...moderated },
  { doing: { message: "delete", target: LAST_MESSAGE }, members: 10, before: [sendWithId], ...moderated },
  { doing: { message: "delete", target: LAST_MESSAGE }, members: 100, before: [sendWithId], ...moderated },
  {
    doing: { message: "delete", target: LAST_MESSAGE },
    variant: "by the sender",
    members: 10,
    before: [sendWithId],
    ...own,
  },
  {
    doing: { message: "delete", direct: "ben", target: LAST_MESSAGE },
    variant: "a direct message, by the sender",
    ...changing,
    ...changeable,
  },
  { doing: { ...edit, direct: "ben" }, variant: "a direct message", ...changing, ...changeable },
  { doing: { ...react, direct: "ben" }, variant: "a direct message", ...changing, ...changeable },
  { doing: edit, members: 10, before: [sendWithId], ...own },
  { doing: edit, members: 100, before: [sendWithId], ...own },
  { doing: react, variant: "the first reaction", members: 10, before: [sendWithId], ...reacting },
  { doing: react, variant: "a further reaction", members: 10, before: [sendWithId, otherReaction], ...reacting },
  { doing: react, variant: "repeated", members: 100, before: [sendWithId, react], ...reacting },
  { doing: react, variant: "a further reaction", members: 100, before: [sendWithId, otherReaction], ...reacting },
  { doing: readLast, members: 10, before: [sendWithId], isAuthenticated: true },
  {
    doing: { ...readLast, direct: "ben" },
    variant: "a conversation, with read receipts",
    members: 10,
    other: [typing],
    before: [{ ...direct, id: "c-1" }],
    isAuthenticated: true,
    settings: { directConversations: true, readReceipts: true },
  },
  {
    doing: { message: "unread", conversations: [{ direct: "ben" }, { direct: "carol" }] },
    variant: "2 conversations, with read receipts",
    members: 10,
    isAuthenticated: true,
    settings: { directConversations: true, readReceipts: true },
  },
  {
    doing: { message: "unread" },
    variant: "nothing unread",
    members: 10,
    before: [sendWithId, readLast],
    isAuthenticated: true,
  },
  {
    doing: { message: "unread" },
    variant: "nothing unread, 20 channels",
    members: 2,
    before: twentyJoins,
    isAuthenticated: true,
  },
  {
    doing: { message: "unread" },
    variant: "50 short messages",
    members: 2,
    other: fiftyMessages,
    isAuthenticated: true,
  },
];

/** A sample frame, for routes that have no case above. */
const sampleCases = routes
  .filter(({ key }) => !CASES.some(({ doing }) => routeOf(doing) === key))
  .flatMap(({ key, needs }): CostCase[] =>
    isFrame(key) ? [{ doing: sampleFrame(key), members: 10, ...(needs !== undefined && moderated) }] : [],
  );

const positionOf = ({ doing }: CostCase): number => routes.findIndex(({ key }) => key === routeOf(doing));

/** In the order of the route table. */
export const costCases: readonly CostCase[] = [...CASES, ...sampleCases].sort(
  (one, other) => positionOf(one) - positionOf(other),
);

/** A call of a backend whose capacity units are measured. */
export interface PublishCase extends Omit<CostCase, "doing" | "before"> {
  readonly doing: Publishing;
  readonly before?: readonly Publishing[];
}

const published = { channel: "lobby", data: send.data, from: "deploy", id: "d-1" };
const publish = { message: "publish", messages: [published] } as const;
const ten = Array.from({ length: 10 }, (_, index) => ({ ...published, id: `d-${index}` }));
const toAnna = { user: "anna", data: send.data, id: "d-1" };
const toLobby = { settings: { publishRules: { channels: ["lobby"], users: true } } };

export const publishCases: readonly PublishCase[] = [
  { doing: publish, members: 1, ...toLobby },
  { doing: publish, members: 10, ...toLobby },
  { doing: publish, members: 100, ...toLobby },
  { doing: { ...publish, messages: ten }, variant: "10 messages in a call", members: 10, ...toLobby },
  { doing: publish, variant: 'with `channels: "any"`', members: 10 },
  { doing: publish, variant: "a repeat", members: 10, before: [publish], ...toLobby },
  { doing: { ...publish, messages: [toAnna] }, variant: "to a user", members: 10, isAuthenticated: true, ...toLobby },
];
