import type { Conversation, ReceivedDirect } from "@serverless-chat/client";
import { chatMessageOf } from "../model/chunks.ts";
import type { Chat } from "./chat.ts";
import { conversationKey, directKey, programKey, withConversation } from "./chat-state.ts";
import { loadOlder } from "./load.ts";
import { SharedReadMarks } from "./shared-read-marks.ts";

/** How many conversations with unread messages are read at the start, to count their messages. */
const COUNTED_MAX = 20;

/** Shows the direct messages of a session and, if the chat stores them, earlier ones. */
export function listenToDirect(chat: Chat): void {
  const { session } = chat;
  session.on("direct", (message) => {
    chat.add(keyOf(message), { ...chatMessageOf(message), isOwn: message.isOwn });
  });
  const end = session.on("conversations", (listed) => {
    end();
    const latestFirst = [...listed].sort((one, other) => (one.last < other.last ? 1 : -1));
    showConversations(chat, latestFirst);
    showLast(chat, latestFirst);
  });
}

const keyOf = ({ from, to, isOwn, publisher }: ReceivedDirect): string =>
  publisher ? programKey(from) : directKey(isOwn ? to : from);

/** The conversations from before the first visit in this browser count as read. */
function showConversations(chat: Chat, listed: readonly Conversation[]): void {
  const { storage, readMarks } = chat.options;
  const isFirstVisit = !storage.read("hasConversations", false);
  storage.write("hasConversations", true);
  let counted = 0;
  for (const each of listed) {
    const key = conversationKey(each);
    chat.update((state) => withConversation(state, key, () => ({})));
    if (isFirstVisit) readMarks.begin(key, each.last);
    // The chat counts the messages.
    if (readMarks instanceof SharedReadMarks || !readMarks.isUnread(key, each.last)) continue;
    counted += 1;
    if (counted <= COUNTED_MAX) void countUnread(chat, key);
    else chat.update((state) => withConversation(state, key, () => ({ unread: 1, hasMoreUnread: true })));
  }
}

async function countUnread(chat: Chat, key: string): Promise<void> {
  await loadOlder(chat, key);
  const { readMarks } = chat.options;
  chat.update((state) =>
    withConversation(state, key, ({ chunks, older }) => {
      const unread = chunks
        .flat()
        .filter(({ id, from, isProgram }) => (isProgram || from !== state.user) && readMarks.isUnread(key, id));
      const hasMoreUnread = older === "some" && unread.length === chunks.flat().length;
      return { unread: unread.length, hasMoreUnread };
    }),
  );
  // The user may be reading the conversation.
  chat.markRead();
}

/** Shows the conversation that was shown last, unless the user has selected another one. */
function showLast(chat: Chat, listed: readonly Conversation[]): void {
  const last = chat.options.storage.read<string | undefined>("shown", undefined);
  const key = listed.map(conversationKey).find((each) => each === last);
  if (key !== undefined) chat.show(key);
}
