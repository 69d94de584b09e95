import type { ConnectionState } from "@serverless-chat/client";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { lastMessage } from "../model/chunks.ts";
import { dayNumber } from "../model/dates.ts";
import { type Conversation, titleOf } from "../state/chat-state.ts";
import { Icon } from "./icon.tsx";
import { ConversationStart, type MessageActions, MessageChunk } from "./message-chunk.tsx";
import { type PendingActions, PendingMessages } from "./pending-messages.tsx";

interface MessageListProps {
  readonly conversation: Conversation;
  readonly user: string;
  readonly connection: ConnectionState["status"];
  readonly actions: MessageActions;
  readonly pendingActions: PendingActions;
  readonly loadOlder: () => void;
}

/** Within this distance of the end, new messages scroll the list. */
const NEAR_END_PIXELS = 80;
/** Within this distance of the beginning, older messages are read. */
const NEAR_START_PIXELS = 1500;

/** The messages of a conversation. Stays at the end while it is there, and keeps its place when older messages are added. */
export function MessageList({ conversation, user, connection, actions, pendingActions, loadOlder }: MessageListProps) {
  const { chunks, pending, older } = conversation;
  const { list, isAtEnd, onScroll, jumpToEnd } = useScrolling(conversation, loadOlder);
  const today = dayNumber(Date.now());
  return (
    <div class="messages-frame">
      <section class="messages" ref={list} onScroll={onScroll} aria-label={`Messages, ${titleOf(conversation)}`}>
        {older === "none" && <ConversationStart conversation={conversation} />}
        {chunks.map((messages, index) => (
          <MessageChunk
            key={messages[0]?.id}
            messages={messages}
            chunks={chunks}
            previous={chunks[index - 1]?.at(-1)}
            user={user}
            actions={actions}
            today={today}
          />
        ))}
        {isRead(conversation, user) && <p class="receipt">Read</p>}
        <PendingMessages pending={pending} user={user} connection={connection} actions={pendingActions} />
      </section>
      {older === "loading" && chunks.length > 0 && <p class="loading-older">Loading earlier messages…</p>}
      {!isAtEnd && (
        <button type="button" class="button jump" onClick={jumpToEnd}>
          <Icon name="down" /> Latest messages
        </button>
      )}
    </div>
  );
}

/** Whether the last message is the user's own, and the other user has read it. */
function isRead({ chunks, receipt, pending }: Conversation, user: string): boolean {
  const last = lastMessage(chunks);
  return last !== undefined && last.from === user && !last.isProgram && last.id <= receipt && pending.length === 0;
}

function useScrolling({ chunks, pending, older }: Conversation, loadOlder: () => void) {
  const list = useRef<HTMLElement>(null);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const staysAtEnd = useRef(true);
  const first = chunks[0]?.[0]?.id;
  /** The first message and the distance from the end before the render. */
  const before = useRef({ first, fromEnd: 0 });

  const jumpToEnd = useCallback(() => {
    const element = list.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);
  const onScroll = useCallback(() => {
    const element = list.current;
    if (!element) return;
    const fromEnd = element.scrollHeight - element.scrollTop;
    before.current = { first, fromEnd };
    staysAtEnd.current = fromEnd - element.clientHeight < NEAR_END_PIXELS;
    setIsAtEnd(staysAtEnd.current);
    if (element.scrollTop < NEAR_START_PIXELS && older !== "loading" && older !== "none") loadOlder();
  }, [first, older, loadOlder]);

  useLayoutEffect(() => {
    const element = list.current;
    if (element) skipWhenHidden(element);
    if (staysAtEnd.current) jumpToEnd();
    // Older messages were added above: what the user reads stays where it is.
    else if (element && before.current.first !== first) {
      element.scrollTop = element.scrollHeight - before.current.fromEnd;
    }
  }, [chunks, pending, first, jumpToEnd]);
  // A list that is too short to be scrolled reads older messages at once.
  useEffect(onScroll, [onScroll, chunks]);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    // The arrow keys scroll it.
    element.tabIndex = 0;
    const observer = new ResizeObserver(() => staysAtEnd.current && jumpToEnd());
    observer.observe(element);
    return () => observer.disconnect();
  }, [jumpToEnd]);
  return { list, isAtEnd, onScroll, jumpToEnd };
}

/**
 * Lets the browser skip the layout of chunks while they are not visible. Their height is measured before, so that nothing
 * moves when they are shown again.
 */
function skipWhenHidden(list: HTMLElement): void {
  const chunks = [...list.querySelectorAll<HTMLElement>(".chunk:not(.chunk-measured)")];
  const heights = chunks.map((chunk) => chunk.offsetHeight);
  for (const [index, chunk] of chunks.entries()) {
    chunk.style.containIntrinsicHeight = `auto ${heights[index]}px`;
    chunk.classList.add("chunk-measured");
  }
}
