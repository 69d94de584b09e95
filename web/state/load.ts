import type { ConversationPage, HistoryPage, Session } from "@serverless-chat/client";
import { type Chunks, chatMessageOf, withOlder } from "../model/chunks.ts";
import { type ChatState, type Conversation, channelKey, withConversation } from "./chat-state.ts";
import { type MessageChange, onMessageChange } from "./message-changes.ts";
import type { Store } from "./store.ts";

/* What the page reads of a conversation when the user scrolls to it. */

interface Loading extends Store<ChatState> {
  readonly session: Session;
  markRead(): void;
}

const PAGE_MESSAGES = 100;
const MEMBER_PAGES_MAX = 10;

/** Reads a page of older messages. */
export async function loadOlder(chat: Loading, key: string): Promise<void> {
  const conversation = chat.state.conversations.get(key);
  if (!conversation || conversation.older === "loading" || conversation.older === "none") return;
  const change = (patch: Partial<Conversation>) => chat.update((state) => withConversation(state, key, () => patch));
  change({ older: "loading" });
  // The page can have been read before a change that arrives first.
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
    // The session reports why it is offline. The next scroll tries again.
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

export async function loadMembers(chat: Loading, channel: string): Promise<void> {
  const members = new Set<string>();
  let cursor: string | undefined;
  try {
    for (let page = 0; page < MEMBER_PAGES_MAX; page += 1) {
      const answer = await chat.session.members(channel, cursor === undefined ? {} : { cursor });
      for (const member of answer.members) members.add(member);
      cursor = answer.cursor;
      if (cursor === undefined) break;
    }
  } catch {
    // They are read again when the session is online.
    return;
  }
  chat.update((state) => withConversation(state, channelKey(channel), () => ({ members })));
}
