import { ChatError } from "@serverless-chat/client";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { channelTitle } from "../model/channel-name.ts";
import type { Chat } from "../state/chat.ts";
import { isGuest } from "../state/chat-state.ts";
import { Dialog } from "./dialog.tsx";

interface TextDialogProps {
  readonly title: string;
  readonly label: string;
  readonly hint: string;
  readonly button: string;
  readonly value: string;
  readonly lengthMax: number;
  readonly close: () => void;
  /** Rejects with an error whose message is shown. */
  readonly submit: (text: string) => Promise<unknown>;
}

function TextDialog({ title, label, hint, button, value, lengthMax, close, submit }: TextDialogProps) {
  const [text, setText] = useState(value);
  const { error, isBusy, run } = useRequest(close);
  const noteId = useId();
  return (
    <Dialog title={title} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run(() => submit(text.trim()));
        }}
      >
        <label>
          {label}
          <input
            class="field"
            value={text}
            maxLength={lengthMax}
            aria-describedby={noteId}
            aria-invalid={error !== undefined}
            autocomplete="off"
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <p
          id={noteId}
          class={error === undefined ? "field-hint" : "field-error"}
          role={error === undefined ? undefined : "alert"}
        >
          {error ?? hint}
        </p>
        <div class="dialog-buttons">
          <button type="submit" class="button button-primary" disabled={text.trim() === ""} aria-disabled={isBusy}>
            {button}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/**
 * Runs a request, then closes the dialog and calls `done`. If the request fails, gives the reason instead. The result is ignored if the user
 * has closed the dialog: another one can be open by then.
 */
export function useRequest(close: () => void) {
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const isOpen = useRef(true);
  useEffect(
    () => () => {
      isOpen.current = false;
    },
    [],
  );
  const run = <Result,>(request: () => Promise<Result>, done?: (result: Result) => void): void => {
    if (isBusy) return;
    setIsBusy(true);
    setError(undefined);
    request()
      .then(
        (result) => {
          if (!isOpen.current) return;
          close();
          done?.(result);
        },
        (fault) => setError(fault instanceof ChatError ? fault.message : String(fault)),
      )
      .finally(() => setIsBusy(false));
  };
  return { error, isBusy, run };
}

interface DialogProps {
  readonly chat: Chat;
  readonly close: () => void;
}

const NAME_LENGTH_MAX = 32;
const USER_LENGTH_MAX = 255;

export const NameDialog = ({ chat, close }: DialogProps) => (
  <TextDialog
    title="Your name"
    label="Name"
    hint="Others see it next to your messages."
    button="Save"
    value={isGuest(chat.state.user ?? "") ? "" : (chat.state.user ?? "")}
    lengthMax={NAME_LENGTH_MAX}
    close={close}
    submit={(name) => chat.rename(name)}
  />
);

export const InviteDialog = ({ chat, close, channel }: DialogProps & { readonly channel: string }) => (
  <TextDialog
    title={`Invite to ${channelTitle(channel)}`}
    label="User"
    hint="Only the user who created the channel can invite others."
    button="Invite"
    value=""
    lengthMax={USER_LENGTH_MAX}
    close={close}
    submit={async (user) => {
      await chat.session.invite(channel, user);
      chat.notify(`You invited ${user} to “${channelTitle(channel)}”.`);
    }}
  />
);
