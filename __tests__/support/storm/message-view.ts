import type { ServerFrame, ServerFrameOf } from "../../../chat/protocol/client-frames.ts";

type Reactions = ServerFrameOf<"reacted">["reactions"];

interface Shown {
  readonly data: string;
  /** Empty: the text as it was sent. */
  readonly edit: string;
}

/** The messages of a channel or a conversation as a client shows them, by the rules for clients in docs/protocol.md. */
export class MessageView {
  readonly #shown = new Map<string, Shown>();
  readonly #deleted = new Set<string>();
  readonly #reactions = new Map<string, Reactions>();
  /** The messages that arrived. An edit can arrive before its message. */
  readonly #arrived = new Set<string>();

  add(frame: ServerFrame): void {
    if (frame.type === "history" || frame.type === "conversation") this.#addPage(frame);
    if (frame.type === "edited") this.#show(frame.id, frame);
    if (frame.type === "reacted") this.#count(frame.id, frame.reactions);
    if (frame.type === "deleted") this.#deleted.add(frame.id);
    if (frame.type !== "message" && frame.type !== "direct") return;
    if (frame.reactions) this.#count(frame.id, frame.reactions);
    this.#arrived.add(frame.id);
    if (frame.deleted) this.#deleted.add(frame.id);
    this.#show(frame.id, { data: frame.data, edit: frame.edit ?? "" });
  }

  /** The text of each message, by its id. Undefined: it was deleted. */
  texts(): Map<string, string | undefined> {
    const ids = [...this.#arrived].sort();
    return new Map(ids.map((id) => [id, this.#deleted.has(id) ? undefined : this.#shown.get(id)?.data]));
  }

  /** The emojis of each message that has reactions, sorted. */
  emojis(): Map<string, string> {
    const shown = [...this.texts()].filter(([, data]) => data !== undefined).map(([id]) => id);
    const emojisOf = (id: string) =>
      (this.#reactions.get(id)?.counts ?? []).map(({ emoji, count }) => emoji.repeat(count)).join("");
    return new Map(shown.map((id) => [id, emojisOf(id)] as const).filter(([, emojis]) => emojis !== ""));
  }

  #addPage({ messages, edits = [], changes = [], reactions = [] }: ServerFrameOf<"history" | "conversation">): void {
    for (const frame of [...messages, ...edits, ...changes, ...reactions]) this.add(frame);
  }

  #count(id: string, reactions: Reactions): void {
    if (reactions.revision >= (this.#reactions.get(id)?.revision ?? 0)) this.#reactions.set(id, reactions);
  }

  #show(id: string, { data, edit }: Shown): void {
    const shown = this.#shown.get(id);
    if (!shown || edit > shown.edit) this.#shown.set(id, { data, edit });
  }
}
