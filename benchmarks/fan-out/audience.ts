/** Who does something: a member of a channel. */
export interface Actor {
  readonly connectionId: string;
  readonly channel: string;
}

export const CHAT_TABLE = "chat";

/** The textbook knows no channels: everybody in its table hears everything. */
export const textbookTable = (size: number): string => `textbook-${size}`;

export const channelOf = (size: number): string => `audience-${size}`;

/** As long as API Gateway's ids, with their `=` at the end. */
export const idsOf = (size: number): string[] =>
  Array.from({ length: size }, (_, index) =>
    Buffer.from(`${String(size).padStart(5)}-${String(index).padStart(5)}`).toString("base64"),
  );

/** Who says something: a member. */
export const senderOf = (size: number): string => idsOf(size)[0] ?? "";
