import { useState } from "preact/hooks";
import { type ChatMessage, senderOf } from "../model/chunks.ts";
import { timeOf } from "../model/dates.ts";
import { Icon } from "./icon.tsx";

const EMOJIS = ["👍", "❤️", "😂", "🎉", "😮", "😢"] as const;

interface ReactionsProps {
  readonly message: ChatMessage;
  /** Sets the user's reaction. Null removes it. */
  readonly react: (message: ChatMessage, emoji: string | null) => void;
}

/** The counts below a message. A click adds the same reaction, or removes the user's own one. */
export function Reactions({ message, react }: ReactionsProps) {
  const { counts = [], own } = message.reactions ?? {};
  if (counts.length === 0) return null;
  return (
    <div class="reactions">
      {counts.map(({ emoji, count }) => (
        <button
          key={emoji}
          type="button"
          class="reaction"
          aria-pressed={emoji === own}
          aria-label={`${emoji} ${count}`}
          onClick={() => react(message, emoji === own ? null : emoji)}
        >
          <span aria-hidden="true">{emoji}</span> {count}
        </button>
      ))}
    </div>
  );
}

/** A button that shows a few emojis to react with. */
export function ReactionButton({ message, react }: ReactionsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const choose = (emoji: string): void => {
    setIsOpen(false);
    react(message, emoji === message.reactions?.own ? null : emoji);
  };
  return (
    <>
      {isOpen &&
        EMOJIS.map((emoji) => (
          <button
            key={emoji}
            type="button"
            class="icon-button"
            aria-label={`React with ${emoji}`}
            aria-pressed={emoji === message.reactions?.own}
            onClick={() => choose(emoji)}
          >
            <span aria-hidden="true">{emoji}</span>
          </button>
        ))}
      <button
        type="button"
        class="icon-button"
        aria-label={`React to the message of ${senderOf(message)}, ${timeOf(message.at)}`}
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="react" />
      </button>
    </>
  );
}
