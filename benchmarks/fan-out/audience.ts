/** The member who sends a frame. */
export interface Actor {
  readonly connectionId: string;
  readonly channel: string;
}

export const CHAT_TABLE = "chat";

/** The public samples have no channels: every connection in the table receives every message. */
export const textbookTable = (size: number): string => `textbook-${size}`;

export const channelOf = (size: number): string => `audience-${size}`;

/** Connection ids of the length that API Gateway's have, with `=` at the end. */
export const idsOf = (size: number): string[] =>
  Array.from({ length: size }, (_, index) =>
    Buffer.from(`${String(size).padStart(5)}-${String(index).padStart(5)}`).toString("base64"),
  );

/** The member who sends the messages. */
export const senderOf = (size: number): string => idsOf(size)[0] ?? "";
