import type { ConnectionState, PendingMessage } from "@serverless-chat/client";
import { Avatar } from "./avatar.tsx";
import { RichText } from "./rich-text.tsx";

export interface PendingActions {
  readonly retry: (message: PendingMessage) => void;
  readonly discard: (message: PendingMessage) => void;
}

interface PendingMessagesProps {
  readonly pending: readonly PendingMessage[];
  readonly user: string;
  readonly connection: ConnectionState["status"];
  readonly actions: PendingActions;
}

/** Messages of this user that are not stored yet, at the end of the list. */
export function PendingMessages({ pending, user, connection, actions }: PendingMessagesProps) {
  if (pending.length === 0) return null;
  return (
    <ol aria-label="Messages that are not sent yet">
      {pending.map((message, index) => (
        <li
          key={message.id}
          class={`message ${index === 0 ? "message-first" : ""} ${message.status === "failed" ? "message-failed" : "message-pending"}`}
        >
          {index === 0 && <Avatar name={user} />}
          <div class="message-body">
            {index === 0 && (
              <div class="message-head">
                <span class="author">{user}</span>
              </div>
            )}
            <span class="message-text">
              <RichText text={message.data} />
            </span>
            <PendingState message={message} connection={connection} actions={actions} />
          </div>
        </li>
      ))}
    </ol>
  );
}

interface StateProps extends Pick<PendingMessagesProps, "connection" | "actions"> {
  readonly message: PendingMessage;
}

const WAITING: Readonly<Record<ConnectionState["status"], string>> = {
  connecting: "Waiting for the network",
  online: "Sending…",
  offline: "Waiting for the network",
  ended: "Not sent. It is sent when you connect again",
};

function PendingState({ message, connection, actions }: StateProps) {
  if (message.status !== "failed") return <div class="message-state">{WAITING[connection]}</div>;
  return (
    <div class="message-state" role="alert">
      <span>Not sent: {message.error?.message}</span>
      <button type="button" onClick={() => actions.retry(message)}>
        Retry
      </button>
      <button type="button" onClick={() => actions.discard(message)}>
        Discard
      </button>
    </div>
  );
}
