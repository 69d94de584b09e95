import {
  type DirectMessage,
  type DirectReacted,
  type Edited,
  type Message,
  type Reacted,
  type Reactions,
  reactionsAfter,
} from "@serverless-chat/client";

/** A message as the page shows it. */
export interface ChatMessage {
  readonly id: string;
  readonly from: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly isDeleted: boolean;
  /** A backend published the message, so `from` is not the name of a user. */
  readonly isProgram: boolean;
  /** The id of the latest edit. Undefined: the message was not edited. */
  readonly edit?: string | undefined;
  /** The id of the message that this one replies to. */
  readonly replyTo?: string | undefined;
  /** The names of the mentioned users. */
  readonly mentions?: readonly string[] | undefined;
  readonly reactions?: Reactions | undefined;
}

export const chatMessageOf = (message: Message | DirectMessage): ChatMessage => ({
  id: message.id,
  from: message.from,
  text: message.data,
  at: Date.parse(message.at),
  isDeleted: message.deleted === true,
  isProgram: message.publisher === true,
  ...(message.reactions && { reactions: message.reactions }),
  ...(message.edit !== undefined && { edit: message.edit }),
  ...(message.replyTo !== undefined && { replyTo: message.replyTo }),
  ...(message.type === "message" && message.mentions && { mentions: message.mentions }),
});

/** The sender in a text. A user can have the same name as a program. */
export const senderOf = ({ from, isProgram }: Pick<ChatMessage, "from" | "isProgram">): string =>
  isProgram ? `${from} (program)` : from;

/** For a quote. */
export const firstLineOf = ({ text }: Pick<ChatMessage, "text">): string => text.split("\n", 1)[0] ?? "";

/**
 * The messages of a conversation, oldest first, in chunks. A change makes a new array for one chunk only, so the page
 * compares and renders one chunk and not thousands of messages.
 */
export type Chunks = readonly (readonly ChatMessage[])[];

const CHUNK_MESSAGES_MAX = 40;

const splitChunk = (messages: readonly ChatMessage[]): Chunks => {
  const chunks: ChatMessage[][] = [];
  // From the end, so that only the oldest chunk is short: older messages are added in chunks of their own.
  for (let end = messages.length; end > 0; end -= CHUNK_MESSAGES_MAX) {
    chunks.unshift(messages.slice(Math.max(0, end - CHUNK_MESSAGES_MAX), end));
  }
  return chunks;
};

/** Adds a page of older messages. Messages that are not older than the first known one are ignored. */
export function withOlder(chunks: Chunks, messages: readonly ChatMessage[]): Chunks {
  const first = chunks[0]?.[0]?.id;
  const older = first === undefined ? messages : messages.filter(({ id }) => id < first);
  return [...splitChunk(older), ...chunks];
}

/** Adds a message at the place of its id. A message with a known id is ignored. */
export function withMessage(chunks: Chunks, message: ChatMessage): Chunks {
  const index = chunks.findLastIndex(([first]) => first !== undefined && first.id <= message.id);
  const chunk = chunks[index];
  if (!chunk) {
    const [first = [], ...rest] = chunks;
    return [[message, ...first], ...rest];
  }
  const place = chunk.findLastIndex(({ id }) => id <= message.id);
  if (chunk[place]?.id === message.id) return chunks;
  const isFull = chunk.length >= CHUNK_MESSAGES_MAX && index === chunks.length - 1 && place === chunk.length - 1;
  return isFull ? [...chunks, [message]] : chunks.with(index, chunk.toSpliced(place + 1, 0, message));
}

/** Marks a message as deleted, and removes its text and its mentions. */
export const withoutText = (chunks: Chunks, id: string): Chunks =>
  withChanged(chunks, id, ({ mentions, reactions, ...message }) => ({ ...message, text: "", isDeleted: true }));

/** Shows the text of an edit, unless the message was deleted or has a later edit. */
export const withEdit = (chunks: Chunks, { id, data, edit }: Pick<Edited, "id" | "data" | "edit">): Chunks =>
  withChanged(chunks, id, (message) =>
    message.isDeleted || (message.edit ?? "") >= edit ? message : { ...message, text: data, edit },
  );

/** Shows the new reactions to a message, unless it was deleted. */
export const withReactions = (chunks: Chunks, reacted: Reacted | DirectReacted, user: string | undefined): Chunks =>
  withChanged(chunks, reacted.id, (message) =>
    message.isDeleted ? message : { ...message, reactions: reactionsAfter(message.reactions, reacted, user) },
  );

function withChanged(chunks: Chunks, id: string, change: (message: ChatMessage) => ChatMessage): Chunks {
  const index = chunks.findIndex((chunk) => chunk.some((message) => message.id === id));
  const chunk = chunks[index];
  if (!chunk) return chunks;
  const changed = chunk.map((message) => (message.id === id ? change(message) : message));
  return chunks.with(index, changed);
}

/** Undefined if the message is not loaded. */
export const messageWithId = (chunks: Chunks, id: string): ChatMessage | undefined =>
  chunks.findLast(([first]) => first !== undefined && first.id <= id)?.find((message) => message.id === id);

export const lastMessage = (chunks: Chunks): ChatMessage | undefined => chunks.at(-1)?.at(-1);
