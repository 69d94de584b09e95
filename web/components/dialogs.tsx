import type { Place } from "@serverless-chat/client";
import type { ChatMessage } from "../model/chunks.ts";
import type { Chat } from "../state/chat.ts";
import { ChannelDialog } from "./channel-dialog.tsx";
import { InviteDialog, NameDialog } from "./text-dialogs.tsx";
import { RemoveDialog, UserDialog } from "./user-dialog.tsx";

export type OpenDialog =
  | { readonly kind: "channel" | "name" }
  | { readonly kind: "invite"; readonly channel: string }
  | { readonly kind: "user"; readonly user: string }
  | { readonly kind: "remove"; readonly place: Place; readonly message: ChatMessage };

/** Opens a dialog. */
export type Open = (dialog: OpenDialog) => void;

interface DialogsProps {
  readonly chat: Chat;
  readonly dialog: OpenDialog | undefined;
  readonly close: () => void;
}

/** The dialog that is open. */
export function Dialogs({ chat, dialog, close }: DialogsProps) {
  if (dialog?.kind === "channel") return <ChannelDialog chat={chat} close={close} />;
  if (dialog?.kind === "name") return <NameDialog chat={chat} close={close} />;
  if (dialog?.kind === "invite") return <InviteDialog chat={chat} close={close} channel={dialog.channel} />;
  if (dialog?.kind === "user") return <UserDialog chat={chat} close={close} user={dialog.user} />;
  if (dialog?.kind === "remove") return <RemoveDialog chat={chat} close={close} {...dialog} />;
  return null;
}
