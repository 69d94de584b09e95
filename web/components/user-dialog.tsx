import type { Place } from "@serverless-chat/client";
import { useState } from "preact/hooks";
import { channelTitle } from "../model/channel-name.ts";
import type { ChatMessage } from "../model/chunks.ts";
import type { Chat } from "../state/chat.ts";
import { directKey } from "../state/chat-state.ts";
import { Avatar } from "./avatar.tsx";
import { Dialog } from "./dialog.tsx";
import { useRequest } from "./text-dialogs.tsx";

interface UserDialogProps {
  readonly chat: Chat;
  readonly close: () => void;
  readonly user: string;
}

/** What can be done with a user. */
export function UserDialog({ chat, close, user }: UserDialogProps) {
  const isSelf = user === chat.state.user;
  const person = (
    <div class="person">
      <Avatar name={user} size="large" />
      <h2>{user}</h2>
    </div>
  );
  return (
    <Dialog title={person} onClose={close}>
      <div class="stack">
        {isSelf ? (
          <p class="note">This is you.</p>
        ) : (
          <button
            type="button"
            class="button button-primary"
            onClick={() => {
              close();
              chat.show(directKey(user));
            }}
          >
            Send a direct message
          </button>
        )}
        {!isSelf && chat.options.isModerator && <Moderation chat={chat} close={close} user={user} />}
      </div>
    </Dialog>
  );
}

interface Action {
  readonly label: string;
  readonly question: string;
  readonly done: string;
  readonly run: () => Promise<unknown>;
}

const MUTE_SECONDS = 600;
const BAN_SECONDS = 86_400;

function actionsFor({ session, shown }: Chat, user: string): readonly Action[] {
  const channel = shown?.kind === "channel" ? shown.name : undefined;
  const mute: Action | undefined =
    channel === undefined
      ? undefined
      : {
          label: `Mute in ${channelTitle(channel)} for 10 minutes`,
          question: `${user} will not be able to write in ${channelTitle(channel)} for 10 minutes.`,
          done: `You muted ${user} for 10 minutes.`,
          run: () => session.mute(channel, user, MUTE_SECONDS),
        };
  return [
    ...(mute ? [mute] : []),
    {
      label: "Disconnect",
      question: `All connections of ${user} will be closed. ${user} can connect again.`,
      done: `You disconnected ${user}.`,
      run: () => session.kick(user),
    },
    {
      label: "Ban for a day",
      question: `All connections of ${user} will be closed. ${user} cannot connect for a day.`,
      done: `You banned ${user} for a day.`,
      run: () => session.ban(user, { seconds: BAN_SECONDS }),
    },
    {
      label: "Lift a ban",
      question: `${user} will be able to connect again.`,
      done: `${user} is no longer banned.`,
      run: () => session.unban(user),
    },
  ];
}

function Moderation({ chat, close, user }: UserDialogProps) {
  const [chosen, choose] = useState<Action>();
  const { error, isBusy, run } = useRequest(close);
  if (!chosen) {
    return (
      <>
        {actionsFor(chat, user).map((action) => (
          <button type="button" class="button button-danger" key={action.label} onClick={() => choose(action)}>
            {action.label}
          </button>
        ))}
      </>
    );
  }
  return (
    <>
      <p>{chosen.question}</p>
      {error !== undefined && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={() => choose(undefined)}>
          Cancel
        </button>
        <button
          type="button"
          class="button button-danger"
          aria-disabled={isBusy}
          onClick={() =>
            run(async () => {
              await chosen.run();
              chat.notify(chosen.done);
            })
          }
        >
          {chosen.label}
        </button>
      </div>
    </>
  );
}

interface RemoveDialogProps {
  readonly chat: Chat;
  readonly close: () => void;
  readonly place: Place;
  readonly message: ChatMessage;
}

export function RemoveDialog({ chat, close, place, message }: RemoveDialogProps) {
  const { error, isBusy, run } = useRequest(close);
  return (
    <Dialog title="Delete this message?" onClose={close}>
      <div class="stack">
        <p class="note">Its text will be deleted for everyone. This cannot be undone.</p>
        {error !== undefined && (
          <p class="field-error" role="alert">
            {error}
          </p>
        )}
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            class="button button-danger"
            aria-disabled={isBusy}
            onClick={() => run(() => chat.session.remove(place, message.id))}
          >
            Delete
          </button>
        </div>
      </div>
    </Dialog>
  );
}
