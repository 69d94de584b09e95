import { createSession, indexedDbOutbox, SignInRequiredError } from "@serverless-chat/client";
import type { PageConfig } from "../page-config.ts";
import { groupsIn } from "../sign-in/claims.ts";
import type { SignIn } from "../sign-in/sign-in.ts";
import { Chat } from "./chat.ts";
import { keepName } from "./keep-name.ts";
import { listenTo } from "./listen-to.ts";
import { followLastingMembers } from "./members.ts";
import { ReadMarks } from "./read-marks.ts";
import { followReadMarks, SharedReadMarks } from "./shared-read-marks.ts";
import { UserStorage } from "./user-storage.ts";

interface OpenChatOptions {
  readonly config: PageConfig;
  /** Undefined if the chat does not authenticate its users. */
  readonly signIn: SignIn | undefined;
  /** A token of the user, who is signed in. */
  readonly token: string | undefined;
  /** Called when the user has signed out, or with the reason to sign in again. */
  readonly askToSignIn: (reason?: string) => void;
}

/** A channel's messages that are shown at once. Older ones are read when the user scrolls. */
const HISTORY_MESSAGES = 50;

export const EXPIRED = "Your sign-in has expired.";

/** Opens the chat, with the name and the channels that the user had. */
export function openChat({ config, signIn, token, askToSignIn }: OpenChatOptions): Chat {
  const storage = new UserStorage(signIn?.userId);
  const session = createSession({
    async connect() {
      if (!signIn) return { url: config.url };
      const current = await signIn.token();
      if (current === undefined) throw new SignInRequiredError();
      return { url: config.url, protocols: [`bearer.${current}`] };
    },
    ...channelsOf(config, storage),
    history: HISTORY_MESSAGES,
    directConversations: config.directConversations,
    outbox: indexedDbOutbox(`chat-${storage.id}`),
    ...(!signIn && { name: storage.read<string | undefined>("name", undefined) }),
  });
  const isModerator = groupsIn(token ?? "").some((group) => config.moderators?.includes(group));
  const signOut = async (): Promise<void> => {
    await session.close();
    storage.forget();
    signIn?.signOut();
    askToSignIn();
  };
  const readMarks = config.unreadCounts
    ? new SharedReadMarks(storage, session, { storesDirect: config.directConversations === true })
    : new ReadMarks(storage);
  const chat = new Chat({
    ...{ session, storage, readMarks, isModerator, signOut },
    ownMessageMinutes: config.ownMessageMinutes,
    hasReactions: config.reactions === true,
    hasLastingMembership: config.lastingMembership === true,
    isAuthenticated: signIn !== undefined,
    storesDirect: config.directConversations === true,
  });
  listenTo(chat);
  if (readMarks instanceof SharedReadMarks) followReadMarks(chat, readMarks);
  keepName(chat);
  if (config.lastingMembership) {
    showLast(chat);
    followLastingMembers(chat);
  }
  session.on("state", (state) => {
    if (state.status === "ended" && state.error.code === "sign-in-required") askToSignIn(EXPIRED);
  });
  return chat;
}

/** `leave` of the lobby applies to one connection, so the browser always remembers it. */
function channelsOf({ lastingMembership }: PageConfig, storage: UserStorage) {
  const channels = storage.read("channels", ["lobby"]);
  if (!lastingMembership) return { channels };
  return { channels: channels.filter((channel) => channel === "lobby"), lastingChannels: true };
}

/** Shows the channel that was shown last, as soon as the chat has listed it. */
function showLast(chat: Chat): void {
  const { session, options } = chat;
  const last = options.storage.read<string | undefined>("shown", undefined);
  const end = session.on("channels", () => {
    if (last === undefined || !chat.state.conversations.has(last)) return;
    end();
    chat.show(last);
  });
  session.on("state", ({ status }) => status === "online" && end());
}
