import { createSession, indexedDbOutbox, SignInRequiredError } from "@serverless-chat/client";
import type { PageConfig } from "../page-config.ts";
import { groupsIn } from "../sign-in/claims.ts";
import type { SignIn } from "../sign-in/sign-in.ts";
import { Chat } from "./chat.ts";
import { keepName } from "./keep-name.ts";
import { listenTo } from "./listen-to.ts";
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
    channels: storage.read("channels", ["lobby"]),
    history: HISTORY_MESSAGES,
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
  const chat = new Chat({
    ...{ session, storage, isModerator, signOut },
    ownMessageMinutes: config.ownMessageMinutes,
    hasReactions: config.reactions === true,
    isAuthenticated: signIn !== undefined,
  });
  listenTo(chat);
  keepName(chat);
  session.on("state", (state) => {
    if (state.status === "ended" && state.error.code === "sign-in-required") askToSignIn(EXPIRED);
  });
  return chat;
}
