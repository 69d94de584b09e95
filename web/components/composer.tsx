import { DATA_BYTES_MAX, mentionsIn } from "@serverless-chat/client";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type ChatMessage, firstLineOf, senderOf } from "../model/chunks.ts";
import { timeOf } from "../model/dates.ts";
import type { Chat } from "../state/chat.ts";
import { type Conversation, titleOf } from "../state/chat-state.ts";
import { Icon } from "./icon.tsx";
import { Suggestions, useSuggestions } from "./suggestions.tsx";

interface ComposerProps {
  readonly chat: Chat;
  readonly conversation: Conversation;
  readonly user: string;
  /** The message that the user replies to. */
  readonly replyTo: ChatMessage | undefined;
  readonly endReply: () => void;
  /** The key of the conversation. */
  readonly shownKey: string;
  readonly isOnline: boolean;
}

const encoder = new TextEncoder();

/** The field for a new message. Keeps a draft for each conversation. */
export function Composer({ chat, conversation, user, replyTo, endReply, shownKey, isOnline }: ComposerProps) {
  const [text, setText] = useState(chat.draft(shownKey));
  const field = useFocusOnKeyboards();
  const members = new Set([...(conversation.members ?? []), ...conversation.away]);
  const tooLong = encoder.encode(text).length - DATA_BYTES_MAX;
  const isMuted = useIsBefore(conversation.mutedUntil);
  // No outbox keeps direct messages, so their text stays in the field.
  const isWaiting = conversation.kind === "direct" && !isOnline;
  const canSend = text.trim() !== "" && tooLong <= 0 && !isMuted && !isWaiting;
  const change = (value: string): void => {
    setText(value);
    chat.setDraft(shownKey, value);
    if (value !== "") chat.typed();
  };
  const send = (): void => {
    if (!canSend) return;
    change("");
    endReply();
    const options = { replyTo: replyTo?.id, mentions: mentionsIn(text, members) };
    // A direct message that is not sent is a draft again.
    void chat.send(text.trim(), options).then(() => setText(chat.draft(shownKey)));
  };
  const suggestions = useSuggestions(field, { members, user, change });
  useEffect(() => {
    if (replyTo) field.current?.focus();
  }, [replyTo, field]);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): void => {
    if (suggestions.handleKey(event)) return;
    if (event.key === "Escape" && replyTo) {
      // Otherwise the page closes its panels.
      event.stopPropagation();
      endReply();
    }
    // An input method uses Enter to choose a character.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const title = titleOf(conversation);
  const label = isMuted ? `You are muted until ${timeOf(conversation.mutedUntil)}` : `Message ${title}`;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
        field.current?.focus();
      }}
    >
      {replyTo && <ReplyBar message={replyTo} cancel={endReply} />}
      <Suggestions {...suggestions} />
      <div class="composer-box">
        <textarea
          ref={field}
          {...suggestions.fieldProps}
          rows={1}
          aria-label={label}
          placeholder={label}
          value={text}
          disabled={isMuted}
          enterkeyhint="send"
          onInput={({ currentTarget }) => change(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="icon-button send" aria-label="Send" disabled={!canSend}>
          <Icon name="send" />
        </button>
      </div>
      {tooLong > 0 && (
        <p class="composer-note" role="alert">
          This message is too long by {tooLong} bytes.
        </p>
      )}
    </form>
  );
}

function ReplyBar({ message, cancel }: { readonly message: ChatMessage; readonly cancel: () => void }) {
  return (
    <div class="composer-reply">
      <span class="quote-text">
        Reply to <span class="author">{senderOf(message)}</span>: {firstLineOf(message)}
      </span>
      <button type="button" class="icon-button" aria-label="Cancel the reply" onClick={cancel}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** The longest time of a timer: 24 days. */
const TIMER_MILLISECONDS_MAX = 2 ** 31 - 1;

/** Whether a time, in epoch milliseconds, is in the future. Renders the component again when it is not any more. */
function useIsBefore(time: number): boolean {
  const [, setCount] = useState(0);
  useEffect(() => {
    const left = time - Date.now();
    if (left <= 0) return;
    const timer = setTimeout(() => setCount((count) => count + 1), Math.min(left, TIMER_MILLISECONDS_MAX));
    return () => clearTimeout(timer);
  }, [time]);
  return time > Date.now();
}

/** Focuses the field when a conversation is shown, but not where that opens the keyboard of a phone. */
function useFocusOnKeyboards() {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, []);
  return field;
}
