import type { RefObject, TargetedKeyboardEvent } from "preact";
import { useId, useState } from "preact/hooks";
import { Avatar } from "./avatar.tsx";

/** An `@` at the beginning of a word, and the beginning of a name, before the cursor. */
const BEGUN = /(?:^|[^\p{L}\p{M}\p{N}_])@(?<name>[^\s@]{0,32})$/u;

const SUGGESTIONS_MAX = 6;

interface Options {
  readonly members: ReadonlySet<string>;
  /** This name is not suggested. */
  readonly user: string;
  /** Sets the text of the field. */
  readonly change: (text: string) => void;
}

export interface SuggestionsProps {
  readonly id: string;
  readonly names: readonly string[];
  readonly selected: number;
  readonly choose: (name: string) => void;
}

/** Completes `@` and the beginning of a name to the name of a member. */
export function useSuggestions(field: RefObject<HTMLTextAreaElement | null>, { members, user, change }: Options) {
  const id = useId();
  const [selected, select] = useState(0);
  /** The text for which the user has closed the list. */
  const [closed, close] = useState<string | undefined>(undefined);
  const begun = begunIn(field.current);
  const others = [...members].filter((name) => name !== user);
  const names = begun === undefined || closed === field.current?.value ? [] : namesFor(begun, others);
  const current = Math.min(selected, names.length - 1);

  const choose = (name: string): void => {
    const element = field.current;
    const typed = begunIn(element);
    if (!element || typed === undefined) return;
    const end = element.selectionStart;
    element.setRangeText(`@${name} `, end - typed.length - 1, end, "end");
    element.focus();
    select(0);
    change(element.value);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => select((current + 1) % names.length),
    ArrowUp: () => select((current - 1 + names.length) % names.length),
    Enter: () => choose(names[current] ?? ""),
    Tab: () => choose(names[current] ?? ""),
    Escape: () => close(field.current?.value),
  };
  /** Returns whether the list has handled the key. */
  const handleKey = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): boolean => {
    const act = keys[event.key];
    if (!act || names.length === 0 || event.shiftKey || event.isComposing) return false;
    event.preventDefault();
    event.stopPropagation();
    act();
    return true;
  };
  const fieldProps = {
    "aria-autocomplete": "list",
    ...(names.length > 0 && { "aria-controls": id, "aria-activedescendant": `${id}-${current}` }),
  } as const;
  return { id, names, selected: current, choose, handleKey, fieldProps };
}

/** Undefined if no name has begun. */
function begunIn(field: HTMLTextAreaElement | null): string | undefined {
  const { name } = (field && BEGUN.exec(field.value.slice(0, field.selectionStart))?.groups) ?? {};
  return name;
}

function namesFor(begun: string, members: readonly string[]): readonly string[] {
  const start = begun.toLowerCase();
  return members.filter((name) => name.toLowerCase().startsWith(start)).slice(0, SUGGESTIONS_MAX);
}

/** The names of members above the field. */
export const Suggestions = ({ id, names, selected, choose }: SuggestionsProps) =>
  names.length === 0 ? null : (
    <div id={id} class="suggestions" role="listbox" tabIndex={-1} aria-label="Members to mention">
      {names.map((name, index) => (
        <button
          key={name}
          type="button"
          tabIndex={-1}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === selected}
          // Keeps the focus in the field.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(name)}
        >
          <Avatar name={name} /> {name}
        </button>
      ))}
    </div>
  );
