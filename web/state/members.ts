import { LOBBY, type PresenceEvent, type Session } from "@serverless-chat/client";
import { type ChatState, type Conversation, channelKey, withConversation } from "./chat-state.ts";
import type { Store } from "./store.ts";

/* The members of channels, as the page shows them. */

interface WithMembers extends Store<ChatState> {
  readonly session: Session;
  readonly shown: Conversation | undefined;
  readonly options: { readonly hasLastingMembership: boolean };
}

const MEMBER_PAGES_MAX = 10;

/** Many users can connect at the same time, for example after a deployment. */
const REFRESH_MILLISECONDS = 2_000;

/** Reads the connected members. In a lasting channel, members who were connected before are shown as away. */
export async function loadMembers(
  chat: WithMembers,
  channel: string,
  { isReconnected = false }: { readonly isReconnected?: boolean } = {},
): Promise<void> {
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
  // Users can have left the channel while the session was offline.
  const isKeptAway = isLasting(chat, channel) && !isReconnected;
  chat.update((state) =>
    withConversation(state, channelKey(channel), ({ members: before = [], away }) => ({
      members,
      away: new Set(isKeptAway ? [...before, ...away].filter((user) => !members.has(user)) : []),
    })),
  );
}

/** Users stay in all channels but the lobby while they are not connected. */
const isLasting = ({ options }: WithMembers, channel: string): boolean =>
  options.hasLastingMembership && channel !== LOBBY;

/** Shows that a user has joined or left. */
export function showMember(
  chat: WithMembers,
  { type, channel, user }: PresenceEvent & { type: "joined" | "left" },
): void {
  chat.update((state) =>
    withConversation(state, channelKey(channel), ({ members, away }) => {
      if (!members) return {};
      const without = (users: ReadonlySet<string>): string[] => [...users].filter((each) => each !== user);
      return {
        members: new Set([...without(members), ...(type === "joined" ? [user] : [])]),
        away: new Set(without(away)),
      };
    }),
  );
}

/**
 * When users connect or disconnect, reads the members of the shown lasting channel again. The chat reports these users only in
 * the lobby, and not in a large lobby, so the members are also read when the user returns to the page.
 */
export function followLastingMembers(chat: WithMembers): void {
  let isWaiting = false;
  chat.session.on("presence", (event) => {
    if (event.channel !== LOBBY || event.type === "named" || isWaiting) return;
    const isShown = chat.shown?.members?.has(event.user) === true;
    if (isShown === (event.type === "joined")) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      refreshMembers(chat);
    }, REFRESH_MILLISECONDS);
  });
  document.addEventListener("visibilitychange", () => refreshMembers(chat));
}

/** Reads the members of the shown channel, if they can have changed without a notice. */
export function refreshMembers(chat: WithMembers): void {
  const { shown } = chat;
  if (shown?.kind !== "channel") return;
  const isOutdated = document.visibilityState === "visible" && isLasting(chat, shown.name);
  if (!shown.members || isOutdated) void loadMembers(chat, shown.name);
}
