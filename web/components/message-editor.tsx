import type { TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useRequest } from "./text-dialogs.tsx";

interface MessageEditorProps {
  readonly text: string;
  /** Rejects with an error whose message is shown. */
  readonly save: (text: string) => Promise<unknown>;
  readonly close: () => void;
}

/** The text of a message in a field. Enter saves it, Escape keeps the message as it is. */
export function MessageEditor({ text: before, save, close }: MessageEditorProps) {
  const [text, setText] = useState(before);
  const { error, isBusy, run } = useRequest(close);
  const field = useFocusAndReturn();
  const submit = (): void => {
    const after = text.trim();
    if (after === before) close();
    else if (after !== "") run(() => save(after));
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLFormElement>): void => {
    if (event.key !== "Escape" || event.isComposing) return;
    // Otherwise the page closes its panels.
    event.stopPropagation();
    close();
  };
  return (
    <form
      class="message-editor"
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={field}
        class="field"
        rows={1}
        aria-label="Edit your message"
        aria-invalid={error !== undefined}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          // An input method uses Enter to choose a character.
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          submit();
        }}
      />
      <p class={error === undefined ? "field-hint" : "field-error"} role={error === undefined ? undefined : "alert"}>
        {error ?? "Enter saves, Escape cancels."}
      </p>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" class="button button-primary" disabled={text.trim() === ""} aria-disabled={isBusy}>
          Save
        </button>
      </div>
    </form>
  );
}

/** Focuses the field behind its text, and afterwards the button that opened it. */
function useFocusAndReturn() {
  const field = useRef<HTMLTextAreaElement>(null);
  // Before the next frame: a later effect could find the focus already in the field, and lose the button.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    field.current?.focus();
    field.current?.setSelectionRange(-1, -1);
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return field;
}
