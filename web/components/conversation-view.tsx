import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { channelTitle, isPrivate } from "../model/channel-name.ts";
import type { ChatMessage } from "../model/chunks.ts";
import type { Chat } from "../state/chat.ts";
import {
  type ChatState,
  type Conversation,
  placeOf,
  TYPING_MILLISECONDS,
  titleOf,
  typingUsers,
} from "../state/chat-state.ts";
import { loadOlder } from "../state/load.ts";
import { Banner } from "./banner.tsx";
import { Composer } from "./composer.tsx";
import type { Open } from "./dialogs.tsx";
import { Icon } from "./icon.tsx";
import type { MessageActions } from "./message-chunk.tsx";
import { MessageList } from "./message-list.tsx";
import type { PendingActions } from "./pending-messages.tsx";

interface ConversationViewProps {
  readonly chat: Chat;
  readonly state: ChatState;
  readonly open: Open;
  readonly openSidebar: () => void;
  readonly hasMembers: boolean;
  readonly toggleMembers: () => void;
}

/** The message that the user replies to, and the key of its conversation. */
interface Reply {
  readonly key: string;
  readonly message: ChatMessage;
}

/** One conversation: its head, its messages, and the field for a new one. */
export function ConversationView({ chat, state, open, openSidebar, ...panel }: ConversationViewProps) {
  const { shown: key, connection, user = "" } = state;
  const conversation = key === undefined ? undefined : state.conversations.get(key);
  const isOnline = connection.status === "online";
  const [reply, setReply] = useState<Reply | undefined>(undefined);
  const actions = useMessageActions(chat, state, { open, setReply });
  const pendingActions = usePendingActions(chat, key);
  const loadMore = useCallback(() => key !== undefined && void loadOlder(chat, key), [chat, key]);
  return (
    <main class="conversation">
      <header class="conversation-head">
        <button type="button" class="icon-button only-phone" aria-label="Show the list" onClick={openSidebar}>
          <Icon name="menu" />
        </button>
        <Title conversation={conversation} />
        {conversation?.kind === "channel" && <ChannelButtons {...{ chat, conversation, open, ...panel }} />}
      </header>
      <Banner chat={chat} state={state} />
      {key !== undefined && conversation ? (
        <>
          <MessageList
            key={key}
            {...{ conversation, user, actions, pendingActions }}
            loadOlder={loadMore}
            connection={connection.status}
          />
          <TypingLine conversation={conversation} />
          {conversation.isProgram ? (
            <p class="composer composer-note">You cannot reply to messages from a program.</p>
          ) : (
            <Composer
              key={key}
              shownKey={key}
              {...{ chat, conversation, user, isOnline }}
              replyTo={reply?.key === key ? reply.message : undefined}
              endReply={() => setReply(undefined)}
            />
          )}
        </>
      ) : (
        <div class="welcome">
          <p>You are not in a channel.</p>
          <button type="button" class="button button-primary" onClick={() => open({ kind: "channel" })}>
            Join a channel
          </button>
        </div>
      )}
    </main>
  );
}

function Title({ conversation }: { readonly conversation: Conversation | undefined }) {
  if (!conversation) return <h1>Chat</h1>;
  const { kind, name } = conversation;
  if (kind === "direct") return <h1>{titleOf(conversation)}</h1>;
  return (
    <h1>
      {!isPrivate(name) && (
        <span class="sign" aria-hidden="true">
          #
        </span>
      )}
      {channelTitle(name)}
    </h1>
  );
}

interface ChannelButtonsProps extends Pick<ConversationViewProps, "chat" | "open" | "hasMembers" | "toggleMembers"> {
  readonly conversation: Conversation;
}

function ChannelButtons({ chat, conversation, open, hasMembers, toggleMembers }: ChannelButtonsProps) {
  const { name, members } = conversation;
  const count = members?.size;
  return (
    <>
      {isPrivate(name) && (
        <button
          type="button"
          class="icon-button"
          aria-label="Invite a user"
          title="Invite a user"
          onClick={() => open({ kind: "invite", channel: name })}
        >
          <Icon name="invite" />
        </button>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={`Leave ${channelTitle(name)}`}
        title="Leave the channel"
        onClick={() => void chat.attempt(chat.session.leave(name))}
      >
        <Icon name="leave" />
      </button>
      <button
        type="button"
        class="icon-button members-button"
        aria-expanded={hasMembers}
        aria-label={count === undefined ? "Members" : `Members: ${count}`}
        onClick={toggleMembers}
      >
        <Icon name="people" />
        {count}
      </button>
    </>
  );
}

/** The chat decides: a button that is still shown when the time is over leads to the reason. */
function useMessageActions(
  chat: Chat,
  { conversations, shown: key = "", user, ownAfter }: ChatState,
  { open, setReply }: { readonly open: Open; readonly setReply: (reply: Reply) => void },
): MessageActions {
  const conversation = conversations.get(key);
  const { kind, name = "", isProgram = false, isStored = false } = conversation ?? {};
  return useMemo(() => {
    const place = kind && placeOf({ kind, name, isProgram, isStored });
    const { isModerator, ownMessageMinutes = 0, hasReactions } = chat.options;
    const isOwn = ({ from, isProgram: byProgram, id, at }: ChatMessage): boolean =>
      from === user && !byProgram && id > ownAfter && Date.now() - at < ownMessageMinutes * 60_000;
    return {
      showUser: (name: string) => open({ kind: "user", user: name }),
      react:
        place === undefined || !hasReactions
          ? undefined
          : ({ id }, emoji) => void chat.attempt(chat.session.react(place, id, emoji)),
      // A program reads no answers.
      reply: place === undefined || isProgram ? undefined : (message) => setReply({ key, message }),
      canEdit: (message) => place !== undefined && isOwn(message),
      // Moderators cannot delete direct messages of others.
      canRemove: (message) => place !== undefined && ((isModerator && kind === "channel") || isOwn(message)),
      edit: async ({ id }, text) => place !== undefined && chat.session.edit(place, id, text),
      remove: (message) => place !== undefined && open({ kind: "remove", place, message }),
    };
  }, [chat, key, kind, name, isProgram, isStored, user, ownAfter, open, setReply]);
}

function usePendingActions(chat: Chat, key: string | undefined): PendingActions {
  return useMemo(
    () => ({
      retry(message) {
        chat.removePending(key ?? "", message.id);
        void chat.send(message.data, message);
      },
      discard: (message) => chat.removePending(key ?? "", message.id),
    }),
    [chat, key],
  );
}

function TypingLine({ conversation }: { readonly conversation: Conversation }) {
  const [, setNow] = useState(0);
  const users = typingUsers(conversation, Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setNow((count) => count + 1), TYPING_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [conversation.typing]);
  return <div class="typing">{typingText(users)}</div>;
}

function typingText([first, second, ...others]: readonly string[]): string {
  if (first === undefined) return "";
  if (second === undefined) return `${first} is typing…`;
  return others.length === 0 ? `${first} and ${second} are typing…` : "Several people are typing…";
}
