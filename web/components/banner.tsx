import type { ConnectionState } from "@serverless-chat/client";
import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../state/chat.ts";
import type { ChatState } from "../state/chat-state.ts";
import { Icon } from "./icon.tsx";

interface BannerProps {
  readonly chat: Chat;
  readonly state: ChatState;
}

/** Says why the chat is not connected, or the latest notice, or that the user has another name. */
export function Banner({ chat, state: { connection, notice, user, claiming } }: BannerProps) {
  if (connection.status === "ended") return <Ended connection={connection} />;
  if (connection.status === "offline") {
    const isDirect = chat.shown?.kind === "direct";
    return <Offline connection={connection} isDirect={isDirect} />;
  }
  if (!notice && claiming === undefined) return null;
  if (!notice) {
    return (
      <div class="banner" role="status">
        <p>
          You are {user} until your name “{claiming}” is free.
        </p>
      </div>
    );
  }
  return (
    <div class={notice.isError ? "banner banner-error" : "banner"} role={notice.isError ? "alert" : "status"}>
      <p>{notice.text}</p>
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => chat.dismissNotice()}>
        <Icon name="close" />
      </button>
    </div>
  );
}

type Of<Status> = Extract<ConnectionState, { status: Status }>;

interface OfflineProps {
  readonly connection: Of<"offline">;
  /** Whether the conversation that is shown is one of direct messages, which the session sends at most once. */
  readonly isDirect: boolean;
}

function Offline({ connection, isDirect }: OfflineProps) {
  const seconds = useCountdown(connection);
  const next = seconds === undefined ? "as soon as this device is online" : seconds > 0 ? `in ${seconds} s` : "now";
  return (
    <div class="banner">
      <p>
        <span role="status">
          You are offline.{" "}
          {isDirect ? "You can send direct messages when you are online. " : "Messages that you write are sent later. "}
        </span>
        <span>Reconnecting {next}.</span>
      </p>
    </div>
  );
}

/** The seconds until the next attempt; undefined if none is planned. */
function useCountdown(connection: Of<"offline">): number | undefined {
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    setPassed(0);
    const timer = setInterval(() => setPassed((seconds) => seconds + 1), 1000);
    return () => clearInterval(timer);
  }, [connection]);
  const { retryMilliseconds } = connection;
  return retryMilliseconds && Math.max(0, Math.ceil(retryMilliseconds / 1000) - passed);
}

function Ended({ connection: { error } }: { readonly connection: Of<"ended"> }) {
  return (
    <div class="banner banner-error" role="alert">
      <p>{reasonOf(error)}</p>
      <button type="button" class="button" onClick={() => location.reload()}>
        Connect again
      </button>
    </div>
  );
}

/** The browser does not tell a page why a handshake was refused. */
function reasonOf({ code, message }: Of<"ended">["error"]): string {
  if (code === "kicked") return "A moderator has disconnected you.";
  if (code === "banned") return "A moderator has banned you.";
  if (code !== "handshake-refused") return message;
  return `The chat refuses connections from this page. Either the address ${location.origin} is not one of the chat's allowed origins, or you are banned, or there are too many connections.`;
}
