import type {
  ConnectionState,
  DirectChange,
  DirectMessage,
  Message,
  ModerationEvent,
  PresenceEvent,
  ReceivedDirect,
  ReceivedMessage,
  SessionEvents,
} from "@serverless-chat/client";
import { decodeTime } from "ulid";
import { visible, visibleLines } from "./visible.ts";

/** A line for the terminal. A note is everything but a message. */
export interface Line {
  readonly kind: "own" | "others" | "note";
  readonly text: string;
}

export const note = (text: string): Line => ({ kind: "note", text });

/** The sender of a message. A user can have the same name as a program. */
export const senderOf = ({ from, publisher }: Pick<Message, "from" | "publisher">): string =>
  publisher ? `${from} (program)` : from;

/** `< 12:03 #ops anna: hi`, with `>` for the user's own messages. Further lines of a text are indented below the first. */
export function linesOfMessage(
  message: Pick<Message, "from" | "publisher" | "at" | "data" | "deleted" | "replyTo">,
  { isOwn, where }: { readonly isOwn: boolean; readonly where: string },
): Line[] {
  const { at, data, deleted, replyTo } = message;
  const kind = isOwn ? "own" : "others";
  const reply = replyTo === undefined ? "" : `, to the message of ${timeOfId(replyTo)}`;
  const [first = "", ...more] = visibleLines(deleted ? "(deleted)" : data);
  return [
    { kind, text: `${isOwn ? ">" : "<"} ${timeOf(at)} ${where}${visible(senderOf(message))}${reply}: ${first}` },
    ...more.map((text) => ({ kind, text: `        ${text}` }) as const),
  ];
}

export const linesOfDirect = (message: DirectMessage, { isOwn }: { readonly isOwn: boolean }): Line[] =>
  linesOfMessage(message, { isOwn, where: isOwn ? `to ${visible(message.to)} only, ` : "to you only, " });

/** Hours and minutes in local time. */
const timeOf = (at: string): string => {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
};

const timeOfId = (id: string): string => timeOf(new Date(decodeTime(id)).toISOString());

/** The lines of each event. Typing and read markers are not shown: they would scroll messages away. */
export const linesOfEvent: {
  readonly [Type in Exclude<
    keyof SessionEvents,
    "typing" | "read" | "receipt" | "channels" | "conversations" | "pending"
  >]: (event: SessionEvents[Type]) => Line[];
} = {
  message: (message: ReceivedMessage) => [
    ...linesOfMessage(message, { isOwn: message.isOwn, where: `#${visible(message.channel)} ` }),
    ...(message.isLate ? [note("* the message above arrived late: it is older than the messages before it")] : []),
  ],
  direct: (message: ReceivedDirect) => linesOfDirect(message, message),
  deleted: ({ by, id, channel }) => [
    note(`* ${visible(by)} deleted a message of ${timeOfId(id)} in #${visible(channel)}`),
  ],
  edited: ({ id, channel, data }) => [
    note(`* a message of ${timeOfId(id)} in #${visible(channel)} was edited:`),
    ...visibleLines(data).map((text) => note(`        ${text}`)),
  ],
  reacted: ({ id, channel, user, emoji }) => {
    // A change without a user was missed: only its counts are known.
    if (user === undefined) return [];
    const did = emoji === undefined ? "removed the reaction" : `reacted with ${visible(emoji)}`;
    return [note(`* ${visible(user)} ${did} to the message of ${timeOfId(id)} in #${visible(channel)}`)];
  },
  directChange: (change: DirectChange) => {
    const { direct, id } = change;
    const message = `a direct message of ${timeOfId(id)} with ${visible(direct)}`;
    if (change.type === "deleted") return [note(`* ${visible(change.by)} deleted ${message}`)];
    if (change.type === "edited")
      return [note(`* ${message} was edited:`), ...visibleLines(change.data).map((text) => note(`        ${text}`))];
    const { user, emoji } = change;
    if (user === undefined) return [];
    const did = emoji === undefined ? "removed the reaction" : `reacted with ${visible(emoji)}`;
    return [note(`* ${visible(user)} ${did} to ${message}`)];
  },
  presence: (event: PresenceEvent) => [
    event.type === "named"
      ? note(`* ${visible(event.before)} is now ${visible(event.user)}, in #${visible(event.channel)}`)
      : note(`* ${visible(event.user)} ${event.type} #${visible(event.channel)}`),
  ],
  moderation: (event: ModerationEvent) => [note(`* ${visible(event.by)} ${actionOf(event)}`)],
  user: (user: string) => [note(`* you are ${visible(user)}`)],
  error: ({ message }) => [note(`* ${visible(message)}`)],
  state: (state: ConnectionState) => {
    switch (state.status) {
      case "online":
        return [note("* connected")];
      case "offline": {
        const { reason, retryMilliseconds: wait } = state;
        const when = wait === undefined ? "when the network is back" : `in ${Math.ceil(wait / 1000)} s`;
        return [note(`* not connected: ${visible(reason)}; retrying ${when}`)];
      }
      case "ended":
        return [note(`* ${visible(state.error.message)}`)];
      default:
        return [];
    }
  },
};

function actionOf(event: ModerationEvent): string {
  switch (event.type) {
    case "invited":
      return `invited you: /join ${visible(event.channel)}`;
    case "revoked":
      return `revoked your invitation to #${visible(event.channel)}`;
    case "kicked":
      return "kicked you";
    case "banned":
      return `banned you${event.until === undefined ? "" : ` until ${event.until}`}`;
    case "muted":
      return `muted you in #${visible(event.channel)} until ${timeOf(event.until)}`;
    case "unmuted":
      return `ended your mute in #${visible(event.channel)}`;
  }
}
