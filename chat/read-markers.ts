/** How far users have read. A channel can also be the log of a conversation. */
export interface ReadMarkers {
  /** Stores the last message that a user has read in a channel. Can be repeated. Returns false if the stored marker is later. */
  advance(marker: ReadMarker): Promise<boolean>;
  /** The id of the last message that the user has read in each channel. Strongly consistent. */
  list(user: string): Promise<ReadonlyMap<string, string>>;
  /** The same for the conversations with these logs. Reads only these, because a user can have thousands. Strongly consistent. */
  listConversations(user: string, logs: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** One marker. Eventually consistent. */
  get(user: string, channel: string): Promise<string | undefined>;
  /** Whether the log of a channel has a message, deleted or not. Strongly consistent. */
  hasMessage(message: Pick<ReadMarker, "channel" | "id">): Promise<boolean>;
  /**
   * Counts the messages of a channel after an id, or all of them, except the user's own and deleted messages. Eventually
   * consistent. Reads a page of `COUNTED_MAX` entries of the log. If it has no unread message, reads further pages, at most
   * `COUNTED_PAGES_MAX` in total.
   */
  count(range: UnreadRange): Promise<UnreadCount>;
}

export interface ReadMarker {
  readonly user: string;
  readonly channel: string;
  /** The id of the message. */
  readonly id: string;
}

export interface UnreadRange {
  readonly user: string;
  readonly channel: string;
  /** The marker. Undefined: all messages are unread. */
  readonly after?: string | undefined;
}

export interface UnreadCount {
  readonly count: number;
  /** Further entries were not counted. They can be unread messages, also if `count` is 0. */
  readonly more?: true;
}

/** DynamoDB bills every item that a query reads, also if it only counts them. */
export const COUNTED_MAX = 100;

/** A page can be full of entries that do not count, such as the user's own messages. */
export const COUNTED_PAGES_MAX = 3;
