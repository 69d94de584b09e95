import { decodeTime, encodeTime } from "ulid";
import { RESUME_WINDOW_MILLISECONDS } from "../../../chat/message.ts";
import type { ServerFrame, ServerFrameOf } from "../../../chat/protocol/client-frames.ts";
import { type ClientConnection, type Connect, frameOf } from "./client-connection.ts";
import { MessageView } from "./message-view.ts";

export const FIRST_ID = "0".repeat(26);

interface ChannelView {
  readonly view: MessageView;
  /** The id of the latest entry that was read. */
  readUpTo: string;
  /** The latest entry of the conversation when it was read, as the list of conversations had it. */
  listed?: string;
}

type Target = { readonly channel: string } | { readonly direct: string };

/** No channel has this name. */
const conversationWith = (direct: string): string => `with ${direct}`;

/** The key of the view that a pushed frame is for. */
function placeOf(frame: ServerFrame, user: string): string | undefined {
  if (frame.type === "direct") return conversationWith(frame.from === user ? frame.to : frame.from);
  if ("channel" in frame && frame.channel !== undefined) return frame.channel;
  const isChange = frame.type === "edited" || frame.type === "deleted" || frame.type === "reacted";
  return isChange && frame.direct !== undefined ? conversationWith(frame.direct) : undefined;
}

/** Entries can become visible after ones with later ids, for this long. */
const beforeWindow = (id: string): string =>
  encodeTime(Math.max(0, decodeTime(id) - RESUME_WINDOW_MILLISECONDS)) + FIRST_ID.slice(10);

/** A device of a user. Its connection comes and goes, and it keeps what it has received. */
export class Device {
  /** The direct messages that were pushed. */
  readonly directs: ServerFrameOf<"direct">[] = [];
  readonly #views = new Map<string, ChannelView>();
  readonly #user: string;
  readonly #connect: Connect;
  #client: Promise<ClientConnection> | undefined;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(user: string, connect: Connect) {
    this.#user = user;
    this.#connect = connect;
  }

  get isOpen(): boolean {
    return this.#client !== undefined;
  }

  /** Connects, unless the device is connected. */
  open(): Promise<ClientConnection> {
    this.#client ??= this.#connect({ name: this.#user, user: this.#user, protocol: "chat.v1" }, (text) => {
      const frame = frameOf(text);
      if (!frame) return;
      if (frame.type === "direct") this.directs.push(frame);
      const key = placeOf(frame, this.#user);
      if (key !== undefined) this.#viewOf(key).view.add(frame);
    });
    return this.#client;
  }

  /** Resolves when no function runs for the connection any more. */
  async end(how: "close" | "terminate"): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#closing = Promise.all([this.#closing, client?.then((connection) => connection[how]())]);
    await this.#closing;
  }

  /** Returns undefined if the connection ended before the answer, and then only when no function runs for it any more. */
  async request(frame: object): Promise<ServerFrame | undefined> {
    const client = await this.open();
    const answer = await client.request(frame);
    if (answer === undefined) await this.#closing;
    return answer;
  }

  /** Reads the entries of a channel since the last ones that were read, if the device is in it. Returns what it shows. */
  resume(channel: string): Promise<MessageView> {
    return this.#readOn({ channel }, this.#viewOf(channel));
  }

  /** The same for a conversation, if its latest entry in the list of conversations is another one than before. */
  async resumeConversation(direct: string): Promise<MessageView> {
    const known = this.#viewOf(conversationWith(direct));
    const list = await this.request({ message: "conversations" });
    const listed = list?.type === "conversations" && list.conversations.find((each) => each.direct === direct);
    if (!listed) return known.view;
    const { last, change = last } = listed;
    const latest = change > last ? change : last;
    if (latest === known.listed) return known.view;
    known.listed = latest;
    return this.#readOn({ direct }, known);
  }

  async #readOn(target: Target, known: ChannelView): Promise<MessageView> {
    for await (const page of this.pages(target, beforeWindow(known.readUpTo))) {
      known.view.add(page);
      const { messages, edits = [], changes = [], reactions = [] } = page;
      const changed = [...edits, ...changes, ...reactions].map(({ change }) => change);
      known.readUpTo = [known.readUpTo, ...messages.map(({ id }) => id), ...changed].sort().at(-1) ?? FIRST_ID;
    }
    return known.view;
  }

  /** The pages of the history of a channel or a conversation. */
  async *pages(target: Target, first = FIRST_ID) {
    for (let after: string | undefined = first; after !== undefined; ) {
      const page: ServerFrame | undefined = await this.request({ message: "history", ...target, limit: 5, after });
      if (page?.type !== "history" && page?.type !== "conversation") return;
      yield page;
      after = page.cursor?.after;
    }
  }

  #viewOf(channel: string): ChannelView {
    const known = this.#views.get(channel) ?? { view: new MessageView(), readUpTo: FIRST_ID };
    this.#views.set(channel, known);
    return known;
  }
}
