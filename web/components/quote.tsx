import type { TargetedMouseEvent } from "preact";
import { type ChatMessage, firstLineOf, senderOf } from "../model/chunks.ts";
import { Icon } from "./icon.tsx";

interface QuoteProps {
  /** Undefined if the message is unknown, or too old to be loaded. */
  readonly message: ChatMessage | undefined;
}

/** The first line of the original message, above a reply. A click scrolls to the original message. */
export function Quote({ message }: QuoteProps) {
  if (!message || message.isDeleted) {
    return (
      <div class="quote">
        <Icon name="reply" />
        <span class="quote-text">{message ? "A deleted message" : "An earlier message"}</span>
      </div>
    );
  }
  const jump = ({ currentTarget }: TargetedMouseEvent<HTMLButtonElement>): void => {
    const target = currentTarget.closest(".messages")?.querySelector<HTMLElement>(`[data-id="${message.id}"]`);
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  };
  return (
    <button type="button" class="quote" onClick={jump}>
      <Icon name="reply" />
      <span class="visually-hidden">In reply to </span>
      <span class="author">{senderOf(message)}</span> <span class="quote-text">{firstLineOf(message)}</span>
    </button>
  );
}
