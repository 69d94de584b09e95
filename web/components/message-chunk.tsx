import { Component } from "preact";
import { useState } from "preact/hooks";
import { type ChatMessage, type Chunks, messageWithId, senderOf } from "../model/chunks.ts";
import { continues, dayNumber, dayTitle, fullTimeOf, timeOf } from "../model/dates.ts";
import { type Conversation, titleOf } from "../state/chat-state.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import { MessageEditor } from "./message-editor.tsx";
import { Quote } from "./quote.tsx";
import { ReactionButton, Reactions } from "./reactions.tsx";
import { RichText } from "./rich-text.tsx";

export interface MessageActions {
  readonly showUser: (user: string) => void;
  /** Undefined: messages of this conversation have no replies. */
  readonly reply: ((message: ChatMessage) => void) | undefined;
  /** Undefined: users cannot react to messages of this conversation. */
  readonly react: ((message: ChatMessage, emoji: string | null) => void) | undefined;
  readonly canEdit: (message: ChatMessage) => boolean;
  readonly canRemove: (message: ChatMessage) => boolean;
  /** Rejects with an error whose message is shown. */
  readonly edit: (message: ChatMessage, text: string) => Promise<unknown>;
  readonly remove: (message: ChatMessage) => void;
}

interface ChunkProps {
  readonly messages: readonly ChatMessage[];
  /** The whole conversation, which has the original messages of replies. */
  readonly chunks: Chunks;
  readonly user: string;
  /** The last message of the chunk before. */
  readonly previous: ChatMessage | undefined;
  readonly actions: MessageActions;
  /** The number of the current day: at midnight, "Today" becomes "Yesterday". */
  readonly today: number;
}

/** A few messages. It is rendered only if one of them changes, or a message that they quote. */
export class MessageChunk extends Component<ChunkProps> {
  /** The messages that are quoted, by id. Undefined if one is not loaded. */
  #quoted: ReadonlyMap<string, ChatMessage | undefined> = new Map();

  override shouldComponentUpdate(next: ChunkProps): boolean {
    const { chunks, ...others } = this.props;
    return (
      Object.entries(others).some(([name, value]) => next[name as keyof ChunkProps] !== value) ||
      [...this.#quoted].some(([id, message]) => messageWithId(next.chunks, id) !== message)
    );
  }

  override render({ messages, chunks, previous, ...shared }: ChunkProps) {
    const ids = messages.flatMap(({ replyTo = [] }) => replyTo);
    this.#quoted = new Map(ids.map((id) => [id, messageWithId(chunks, id)]));
    return (
      <ol class="chunk">
        {messages.map((message, index) => {
          const before = messages[index - 1] ?? previous;
          return (
            <MessageItem
              key={message.id}
              {...{ message, before, ...shared }}
              quoted={this.#quoted.get(message.replyTo ?? "")}
            />
          );
        })}
      </ol>
    );
  }
}

interface ItemProps extends Pick<ChunkProps, "actions" | "user"> {
  readonly message: ChatMessage;
  readonly before: ChatMessage | undefined;
  readonly quoted: ChatMessage | undefined;
}

function MessageItem({ message, before, quoted, actions, user }: ItemProps) {
  const { at, from, isDeleted, mentions = [] } = message;
  const [isEditing, setIsEditing] = useState(false);
  const isNewDay = !before || dayNumber(before.at) !== dayNumber(at);
  const isFirst = !continues(before, message);
  return (
    <>
      {isNewDay && <DayItem at={at} />}
      <li class={classOf(isFirst, mentions.includes(user))} data-id={message.id} tabIndex={-1}>
        {message.replyTo !== undefined && <Quote message={quoted} />}
        {isFirst ? <Avatar name={from} /> : <MessageTime at={at} />}
        <div class="message-body">
          {isFirst && (
            <div class="message-head">
              <Author message={message} actions={actions} />
              <MessageTime at={at} />
            </div>
          )}
          {isEditing && !isDeleted ? (
            <MessageEditor
              text={message.text}
              save={(text) => actions.edit(message, text)}
              close={() => setIsEditing(false)}
            />
          ) : (
            <MessageText message={message} />
          )}
          {actions.react && <Reactions message={message} react={actions.react} />}
        </div>
        {!isDeleted && <MessageButtons message={message} actions={actions} edit={() => setIsEditing(true)} />}
      </li>
    </>
  );
}

const classOf = (isFirst: boolean, isToYou: boolean): string =>
  `message ${isFirst ? "message-first" : ""} ${isToYou ? "message-to-you" : ""}`;

type AuthorProps = Pick<ItemProps, "message" | "actions">;

/** A program can have the name of a user, so its name does not lead to one. */
const Author = ({ message: { from, isProgram }, actions }: AuthorProps) =>
  isProgram ? (
    <span>
      <span class="author">{from}</span> <span class="author-program">(program)</span>
    </span>
  ) : (
    <button type="button" class="author" onClick={() => actions.showUser(from)}>
      {from}
    </button>
  );

function MessageButtons({ message, actions, edit }: AuthorProps & { readonly edit: () => void }) {
  const { canEdit, canRemove, remove, reply, react } = actions;
  const name = `the message of ${senderOf(message)}, ${timeOf(message.at)}`;
  const buttons = [
    { icon: "reply", label: `Reply to ${name}`, isShown: reply !== undefined, onClick: () => reply?.(message) },
    { icon: "edit", label: `Edit ${name}`, isShown: canEdit(message), onClick: edit },
    { icon: "trash", label: `Delete ${name}`, isShown: canRemove(message), onClick: () => remove(message) },
  ] as const;
  const shown = buttons.filter(({ isShown }) => isShown);
  if (shown.length === 0 && !react) return null;
  return (
    <div class="message-actions">
      {react && <ReactionButton message={message} react={react} />}
      {shown.map(({ icon, label, onClick }) => (
        <button key={icon} type="button" class="icon-button" aria-label={label} onClick={onClick}>
          <Icon name={icon} />
        </button>
      ))}
    </div>
  );
}

const MessageText = ({ message: { isDeleted, text, edit, mentions } }: Pick<ItemProps, "message">) =>
  isDeleted ? (
    <span class="message-deleted">Deleted</span>
  ) : (
    <span class="message-text">
      <RichText text={text} mentions={mentions} />
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

/** What is shown above the first message of a conversation. */
export const ConversationStart = ({ conversation }: { readonly conversation: Conversation }) => (
  <div class="start">
    <h2>{titleOf(conversation)}</h2>
    <p>{startOf(conversation)}</p>
  </div>
);

function startOf({ kind, name, isStored, isProgram }: Conversation): string {
  if (kind === "channel") return "This is the beginning of the channel.";
  if (isProgram) return `The program ${name} sends these messages to you only.`;
  const privacy = `Only you and ${name} see these messages.`;
  return isStored ? privacy : `${privacy} They are not stored: they are gone when you close this page.`;
}
