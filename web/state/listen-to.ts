import type { ConnectionState, ModerationEvent, PresenceEvent } from "@serverless-chat/client";
import { channelTitle } from "../model/channel-name.ts";
import { lastMessage } from "../model/chunks.ts";
import { timeOf } from "../model/dates.ts";
import type { Chat } from "./chat.ts";
import { type ChatState, channelKey, withChannels, withConversation } from "./chat-state.ts";
import { listenToDirect } from "./direct-messages.ts";
import { loadMembers, showMember } from "./members.ts";
import { onMessageChange } from "./message-changes.ts";

/** Brings the events of a session into the state of the page. */
export function listenTo(chat: Chat): void {
  const { session } = chat;
  session.on("message", (message) => chat.receive(message));
  onMessageChange(session, (key, change) => chat.changeMessages(key, change));
  session.on("pending", (pending) => chat.setPending(pending));
  listenToDirect(chat);
  session.on("typing", ({ channel, user }) =>
    chat.update((state) =>
      withConversation(state, channelKey(channel), ({ typing }) => ({ typing: new Map(typing).set(user, Date.now()) })),
    ),
  );
  session.on("presence", (event) => showPresence(chat, event));
  session.on("moderation", (event) => showModeration(chat, event));
  session.on("user", (user) => showUser(chat, user));
  session.on("channels", (channels) => {
    chat.options.storage.write("channels", channels);
    chat.update((state) => withChannels(state, channels));
  });
  session.on("state", (connection) => showConnection(chat, connection));
  session.on("error", (error) => {
    // The page shows that it claims the name again.
    if (error.code !== "name-taken") chat.notify(error.message, true);
  });
  for (const pending of session.pending) chat.setPending(pending);
}

function showConnection(chat: Chat, connection: ConnectionState): void {
  chat.update((state) => ({ ...state, connection }));
  if (connection.status !== "online") return;
  chat.historyIsRead();
  if (!chat.options.isAuthenticated) chat.update((state) => ({ ...state, ownAfter: latestId(state) }));
  // Members may have changed while the session was offline.
  for (const { kind, name, members } of chat.state.conversations.values()) {
    const isShown = chat.state.shown === channelKey(name);
    if (kind === "channel" && (members || isShown)) void loadMembers(chat, name, { isReconnected: true });
  }
}

/** The latest id of all messages. */
const latestId = ({ conversations }: ChatState): string =>
  [...conversations.values()].reduce((latest, { chunks }) => {
    const id = lastMessage(chunks)?.id ?? "";
    return id > latest ? id : latest;
  }, "");

function showUser(chat: Chat, user: string): void {
  const before = chat.state.user;
  if (before !== undefined) chat.renamed(before, user);
  chat.update((state) => ({ ...state, user }));
}

function showPresence(chat: Chat, event: PresenceEvent): void {
  if (event.type === "named") {
    chat.renamed(event.before, event.user);
    return;
  }
  showMember(chat, event);
}

function showModeration(chat: Chat, event: ModerationEvent): void {
  if (event.type === "kicked" || event.type === "banned") return;
  const { type, channel, by } = event;
  const title = channelTitle(channel);
  if (type === "invited") {
    const others = chat.state.invitations.filter((invitation) => invitation.channel !== channel);
    chat.update((state) => ({ ...state, invitations: [...others, { channel, by }] }));
    chat.notify(`${by} invited you to “${title}”.`);
  } else if (type === "revoked") chat.notify(`${by} removed you from “${title}”.`);
  else showMute(chat, event);
}

function showMute(chat: Chat, event: Extract<ModerationEvent, { type: "muted" | "unmuted" }>): void {
  const { type, channel, by } = event;
  const title = channelTitle(channel);
  const mutedUntil = type === "muted" ? Date.parse(event.until) : 0;
  chat.update((state) => withConversation(state, channelKey(channel), () => ({ mutedUntil })));
  chat.notify(
    type === "muted"
      ? `${by} muted you in “${title}” until ${timeOf(mutedUntil)}.`
      : `${by} ended your mute in “${title}”.`,
  );
}
