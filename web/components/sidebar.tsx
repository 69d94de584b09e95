import type { ConnectionState } from "@serverless-chat/client";
import { channelTitle, isPrivate } from "../model/channel-name.ts";
import type { Chat } from "../state/chat.ts";
import { badgeOf, type ChatState, type Conversation, titleOf } from "../state/chat-state.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";

interface SidebarProps {
  readonly chat: Chat;
  readonly state: ChatState;
  readonly isOpen: boolean;
  readonly show: (key: string) => void;
  readonly close: () => void;
  readonly addChannel: () => void;
  readonly changeName: () => void;
}

/** The channels, the direct messages, and this user. */
export function Sidebar({ chat, state, isOpen, show, close, addChannel, changeName }: SidebarProps) {
  const all = [...state.conversations];
  const entries = (kind: Conversation["kind"]) =>
    all
      .filter(([, conversation]) => conversation.kind === kind)
      .map(([key, conversation]) => (
        <Entry
          key={key}
          conversation={conversation}
          isShown={key === state.shown}
          hasDraft={chat.draft(key) !== ""}
          onClick={() => show(key)}
        />
      ));
  const direct = entries("direct");
  return (
    <nav class={isOpen ? "sidebar sidebar-open" : "sidebar"} aria-label="Conversations">
      <div class="brand">
        Chat
        <button type="button" class="icon-button only-phone" aria-label="Close the list" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div class="sidebar-lists">
        <div class="list-head">
          <h2>Channels</h2>
          <button type="button" class="icon-button" aria-label="Join or create a channel" onClick={addChannel}>
            <Icon name="plus" />
          </button>
        </div>
        <ul class="list">{entries("channel")}</ul>
        <Invitations chat={chat} state={state} />
        {direct.length > 0 && (
          <>
            <div class="list-head">
              <h2>Direct messages</h2>
            </div>
            <ul class="list">{direct}</ul>
          </>
        )}
      </div>
      <Self chat={chat} state={state} changeName={changeName} />
    </nav>
  );
}

interface EntryProps {
  readonly conversation: Conversation;
  readonly isShown: boolean;
  readonly hasDraft: boolean;
  readonly onClick: () => void;
}

function Entry({ conversation, isShown, hasDraft, onClick }: EntryProps) {
  const { kind, name } = conversation;
  const badge = badgeOf(conversation);
  return (
    <li>
      <button
        type="button"
        class={badge ? "entry entry-unread" : "entry"}
        aria-current={isShown ? "page" : undefined}
        onClick={onClick}
      >
        {kind === "direct" ? <Avatar name={name} size="small" /> : <ChannelSign channel={name} />}
        <span class="entry-name">{titleOf(conversation)}</span>
        {hasDraft && !isShown && <span class="draft-mark">Draft</span>}
        {badge && (
          <span class="badge">
            {badge}
            <span class="visually-hidden"> unread</span>
          </span>
        )}
      </button>
    </li>
  );
}

export const ChannelSign = ({ channel }: { readonly channel: string }) =>
  isPrivate(channel) ? (
    <span class="entry-sign">
      <Icon name="lock" />
      <span class="visually-hidden">Private: </span>
    </span>
  ) : (
    <span class="entry-sign" aria-hidden="true">
      #
    </span>
  );

function Invitations({ chat, state }: { readonly chat: Chat; readonly state: ChatState }) {
  const open = state.invitations.filter(({ channel }) => !state.conversations.has(`#${channel}`));
  if (open.length === 0) return null;
  const accept = async (channel: string): Promise<void> => {
    const key = await chat.attempt(chat.join(channel));
    if (key !== undefined) chat.show(key);
  };
  return (
    <>
      <div class="list-head">
        <h2>Invitations</h2>
      </div>
      <ul class="list">
        {open.map(({ channel, by }) => (
          <li key={channel}>
            <button type="button" class="entry entry-unread" onClick={() => void accept(channel)}>
              <ChannelSign channel={channel} />
              <span class="entry-name">
                {channelTitle(channel)}, from {by}
              </span>
              <span class="draft-mark">Join</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

interface SelfProps {
  readonly chat: Chat;
  readonly state: ChatState;
  readonly changeName: () => void;
}

function Self({ chat, state: { user, connection }, changeName }: SelfProps) {
  const { isAuthenticated, signOut } = chat.options;
  return (
    <div class="self">
      <Avatar name={user ?? "?"} />
      <div class="self-name">
        <strong>{user ?? "Guest"}</strong>
        <span>
          <i class={connection.status === "online" ? "status-dot status-online" : "status-dot"} aria-hidden="true" />
          {STATUS[connection.status]}
        </span>
      </div>
      {isAuthenticated ? (
        <button type="button" class="icon-button" aria-label="Sign out" title="Sign out" onClick={() => void signOut()}>
          <Icon name="leave" />
        </button>
      ) : (
        <button
          type="button"
          class="icon-button"
          aria-label="Change your name"
          title="Change your name"
          onClick={changeName}
        >
          <Icon name="edit" />
        </button>
      )}
    </div>
  );
}

const STATUS: Readonly<Record<ConnectionState["status"], string>> = {
  connecting: "Connecting…",
  online: "Online",
  offline: "Offline",
  ended: "Disconnected",
};
