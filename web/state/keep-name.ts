import { ChatError } from "@serverless-chat/client";
import type { Chat } from "./chat.ts";
import { isGuest } from "./chat-state.ts";

const CLAIM_MILLISECONDS = 1_000;
const CLAIMS_MAX = 10;

type Naming = Pick<Chat, "rename" | "update" | "notify"> & {
  readonly session: Pick<Chat["session"], "on" | "user">;
  readonly options: { readonly storage: Pick<Chat["options"]["storage"], "read"> };
};

/**
 * After a reload or a reconnect, the previous connection can still hold the user's name for a moment. The chat then refuses
 * the name. The session claims a name again only if it has had it before. This claims the name of an earlier page, and shows
 * that the user is a guest until then.
 */
export function keepName(chat: Naming): void {
  const { session } = chat;
  const claiming = (name: string | undefined): void => chat.update((state) => ({ ...state, claiming: name }));
  // The user can change it in the meantime.
  const storedName = (): string | undefined => chat.options.storage.read<string | undefined>("name", undefined);
  let hadName = false;
  let claims = 0;
  const claim = (): void => {
    const name = storedName();
    if (hadName || name === undefined) return;
    claims += 1;
    chat.rename(name).catch((fault) => {
      if (hadName) return;
      const isTaken = fault instanceof ChatError && fault.code === "name-taken";
      if (isTaken && claims < CLAIMS_MAX) return void setTimeout(claim, CLAIM_MILLISECONDS);
      claiming(undefined);
      chat.notify(`Your name “${name}” is refused. ${fault.message}`, true);
    });
  };
  session.on("user", (user) => {
    if (isGuest(user)) return;
    hadName = true;
    claiming(undefined);
  });
  session.on("state", ({ status }) => {
    if (status === "online" && hadName && isGuest(session.user ?? "")) claiming(storedName());
  });
  session.on("error", ({ code }) => {
    if (code !== "name-taken" || hadName) return;
    claiming(storedName());
    setTimeout(claim, CLAIM_MILLISECONDS);
  });
}
