import type { ConversationPage, HistoryPage, Session } from "@serverless-chat/client";
import { type Chunks, chatMessageOf, withOlder } from "../model/chunks.ts";
import { type ChatState, type Conversation, withConversation } from "./chat-state.ts";
import { type MessageChange, onMessageChange } from "./message-changes.ts";
import type { Store } from "./store.ts";

/* What the page reads of a conversation when the user scrolls to it. */

interface Loading extends Store<ChatState> {
  readonly session: Session;
  markRead(): void;
}

const PAGE_MESSAGES = 100;

/** Reads a page of older messages. */
export async function loadOlder(chat: Loading, key: string): Promise<void> {
  const conversation = chat.state.conversations.get(key);
  if (!conversation || conversation.older === "loading" || conversation.older === "none") return;
  const change = (patch: Partial<Conversation>) => chat.update((state) => withConversation(state, key, () => patch));
  change({ older: "loading" });
  // A change can arrive before the page of the history, which was read earlier and does not have it.
  const changes: MessageChange[] = [];
  const stop = onMessageChange(chat.session, (changedKey, each) => {
    if (changedKey === key) changes.push(each);
  });
  try {
    const page = await olderPage(chat, conversation);
    const read: Chunks = [page.messages.map(chatMessageOf)];
    const messages = changes.reduce((chunks, each) => each(chunks), read).flat();
    chat.update((state) =>
      withConversation(state, key, ({ chunks }) => ({
        chunks: withOlder(chunks, messages),
        older: page.cursor?.before === undefined ? "none" : "some",
      })),
    );
    // Direct messages are first read when the user opens the conversation.
    chat.markRead();
  } catch {
    // The session reports why it is offline. The next scroll retries.
    change({ older: "some" });
  } finally {
    stop();
  }
}

function olderPage(
  { session }: Loading,
  { kind, name, isProgram, chunks }: Conversation,
): Promise<HistoryPage | ConversationPage> {
  const before = chunks[0]?.[0]?.id;
  const options = { limit: PAGE_MESSAGES, ...(before !== undefined && { before }) };
  if (kind === "channel") return session.history(name, options);
  return session.conversation(name, { ...options, ...(isProgram && { publisher: true }) });
}
