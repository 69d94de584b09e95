import { Component } from "preact";
import { channelTitle } from "../model/channel-name.ts";
import type { ChatMessage } from "../model/chunks.ts";
import { continues, dayNumber, dayTitle, fullTimeOf, timeOf } from "../model/dates.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import { RichText } from "./rich-text.tsx";

export interface MessageActions {
  readonly showUser: (user: string) => void;
  /** Undefined if the user cannot delete messages. */
  readonly remove: ((message: ChatMessage) => void) | undefined;
}

interface ChunkProps {
  readonly messages: readonly ChatMessage[];
  /** The last message of the chunk before. */
  readonly previous: ChatMessage | undefined;
  readonly actions: MessageActions;
  /** The number of the current day: at midnight, "Today" becomes "Yesterday". */
  readonly today: number;
}

/** A few messages. It is rendered only if one of its own messages changes. */
export class MessageChunk extends Component<ChunkProps> {
  override shouldComponentUpdate(next: ChunkProps): boolean {
    const { messages, previous, actions, today } = this.props;
    return next.messages !== messages || next.previous !== previous || next.actions !== actions || next.today !== today;
  }

  override render({ messages, previous, actions }: ChunkProps) {
    return (
      <ol class="chunk">
        {messages.map((message, index) => {
          const before = messages[index - 1] ?? previous;
          return <MessageItem key={message.id} message={message} before={before} actions={actions} />;
        })}
      </ol>
    );
  }
}

interface ItemProps {
  readonly message: ChatMessage;
  readonly before: ChatMessage | undefined;
  readonly actions: MessageActions;
}

function MessageItem({ message, before, actions }: ItemProps) {
  const { at, from, isDeleted } = message;
  const isNewDay = !before || dayNumber(before.at) !== dayNumber(at);
  const isFirst = !continues(before, message);
  return (
    <>
      {isNewDay && <DayItem at={at} />}
      <li class={isFirst ? "message message-first" : "message"} data-id={message.id}>
        {isFirst ? <Avatar name={from} /> : <MessageTime at={at} />}
        <div class="message-body">
          {isFirst && (
            <div class="message-head">
              <button type="button" class="author" onClick={() => actions.showUser(from)}>
                {from}
              </button>
              <MessageTime at={at} />
            </div>
          )}
          <MessageText message={message} />
        </div>
        {actions.remove && !isDeleted && (
          <div class="message-actions">
            <button
              type="button"
              class="icon-button"
              aria-label={`Delete the message of ${from}, ${timeOf(at)}`}
              onClick={() => actions.remove?.(message)}
            >
              <Icon name="trash" />
            </button>
          </div>
        )}
      </li>
    </>
  );
}

const MessageText = ({ message: { isDeleted, text, edit } }: Pick<ItemProps, "message">) =>
  isDeleted ? (
    <span class="message-deleted">Deleted</span>
  ) : (
    <span class="message-text">
      <RichText text={text} />
      {edit !== undefined && <span class="message-edited"> (edited)</span>}
    </span>
  );

const DayItem = ({ at }: { readonly at: number }) => (
  <li class="day">
    <time dateTime={new Date(at).toISOString().slice(0, 10)}>{dayTitle(at, Date.now())}</time>
  </li>
);

const MessageTime = ({ at }: { readonly at: number }) => (
  <time dateTime={new Date(at).toISOString()} title={fullTimeOf(at)}>
    {timeOf(at)}
  </time>
);

interface StartProps {
  readonly kind: "channel" | "direct";
  readonly name: string;
}

/** What is shown above the first message of a conversation. */
export const ConversationStart = ({ kind, name }: StartProps) => (
  <div class="start">
    <h2>{kind === "channel" ? channelTitle(name) : name}</h2>
    <p>
      {kind === "channel"
        ? "This is the beginning of the channel."
        : `Only you and ${name} see these messages. They are not stored: they are gone when you close this page.`}
    </p>
  </div>
);
