import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../state/chat.ts";
import { badgeOf, type ChatState, titleOf } from "../state/chat-state.ts";
import { refreshMembers } from "../state/members.ts";
import { useStore } from "../state/store.ts";
import { ConversationView } from "./conversation-view.tsx";
import { Dialogs, type OpenDialog } from "./dialogs.tsx";
import { MembersPanel } from "./members-panel.tsx";
import { Sidebar } from "./sidebar.tsx";

/** The chat of a user who is signed in. */
export function ChatPage({ chat }: { readonly chat: Chat }) {
  const state = useStore(chat);
  const [dialog, setDialog] = useState<OpenDialog>();
  const [isSidebarOpen, setIsSidebarOpen] = useState(false);
  const [hasMembers, setHasMembers] = useState(() => matchMedia("(min-width: 1100px)").matches);
  const open = useCallback((next: OpenDialog) => setDialog(next), []);
  const closeDialog = useCallback(() => setDialog(undefined), []);
  const show = (key: string): void => {
    chat.show(key);
    setIsSidebarOpen(false);
  };
  const closePanels = useCallback(() => {
    setIsSidebarOpen(false);
    if (!matchMedia("(min-width: 901px)").matches) setHasMembers(false);
  }, []);
  useTitle(state);
  useShortcuts(chat, closePanels, open);
  useFocusFollows(isSidebarOpen);
  const shown = state.conversations.get(state.shown ?? "");
  const isMembersShown = hasMembers && shown?.kind === "channel";
  return (
    <div class={isMembersShown ? "chat chat-with-members" : "chat"}>
      <Sidebar
        chat={chat}
        state={state}
        isOpen={isSidebarOpen}
        show={show}
        close={() => setIsSidebarOpen(false)}
        addChannel={() => open({ kind: "channel" })}
        changeName={() => open({ kind: "name" })}
      />
      <div class={isSidebarOpen ? "shade shade-open" : "shade"} onClick={closePanels} aria-hidden="true" />
      <ConversationView
        chat={chat}
        state={state}
        open={open}
        openSidebar={() => setIsSidebarOpen(true)}
        hasMembers={isMembersShown}
        toggleMembers={() => {
          if (!isMembersShown) refreshMembers(chat);
          setHasMembers(!isMembersShown);
        }}
      />
      {isMembersShown && (
        <MembersPanel
          members={shown.members}
          away={shown.away}
          user={state.user}
          showUser={(user) => open({ kind: "user", user })}
          close={() => setHasMembers(false)}
        />
      )}
      <Dialogs chat={chat} dialog={dialog} close={closeDialog} />
      <p class="visually-hidden" aria-live="polite">
        {state.announcement}
      </p>
    </div>
  );
}

/** The title of the tab has the number of unread messages. It changes together with the list, not a frame later. */
function useTitle({ conversations, shown }: ChatState): void {
  const all = [...conversations.values()];
  const unread = all.reduce((sum, conversation) => sum + conversation.unread, 0);
  const badge = unread > 0 ? unread : badgeOf({ unread, hasMoreUnread: all.some((each) => each.hasMoreUnread) });
  const conversation = conversations.get(shown ?? "");
  const name = conversation ? titleOf(conversation) : "";
  useLayoutEffect(() => {
    document.title = `${badge ? `(${badge}) ` : ""}${name && `${name} · `}Chat`;
  }, [badge, name]);
}

/** Alt and the arrow keys change the conversation, Ctrl+K joins a channel, Escape closes the panels. */
function useShortcuts(chat: Chat, closePanels: () => void, open: (dialog: OpenDialog) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const shortcut = shortcuts[keyOf(event)];
      // Escape closes an open dialog, unless its default is prevented.
      if (!shortcut || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      shortcut();
    };
    const shortcuts: Readonly<Record<string, () => void>> = {
      Escape: closePanels,
      "Ctrl+k": () => open({ kind: "channel" }),
      "Alt+ArrowDown": () => showNeighbor(chat, 1),
      "Alt+ArrowUp": () => showNeighbor(chat, -1),
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [chat, closePanels, open]);
}

const keyOf = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): string =>
  `${ctrlKey || metaKey ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}${key}`;

function showNeighbor(chat: Chat, step: number): void {
  const keys = [...chat.state.conversations.keys()];
  const next = keys.at((keys.indexOf(chat.state.shown ?? "") + step) % keys.length);
  if (next !== undefined) chat.show(next);
}

/** On a phone, the list opens over the conversation: the focus moves into it, and back. */
function useFocusFollows(isOpen: boolean): void {
  const wasOpen = useRef(false);
  useEffect(() => {
    const main = document.querySelector<HTMLElement>("main");
    if (main) main.inert = isOpen;
    if (isOpen) document.querySelector<HTMLElement>(".sidebar button")?.focus();
    else if (wasOpen.current) main?.querySelector<HTMLElement>("button")?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
}
