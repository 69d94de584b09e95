interface Route<Name extends string> {
  readonly message: Name;
  /** Chosen by the client, and repeated in the reply. */
  readonly id?: string | undefined;
}

interface InChannel {
  /** Default: the lobby. */
  readonly channel?: string | undefined;
}

interface InConversation {
  /** Instead of `channel`: the conversation with this user. */
  readonly direct?: string | undefined;
  /** With `direct`: the conversation with the backend of this name. */
  readonly publisher?: boolean | undefined;
}

/** A frame that a client sends. */
export type ClientFrame =
  | (Route<"sendmessage"> &
      InChannel & {
        readonly data: string;
        /** The id of the message of the same channel that this one replies to. */
        readonly replyTo?: string | undefined;
        /** The names of 1 to 20 users, each once. */
        readonly mentions?: readonly string[] | undefined;
      })
  | (Route<"join"> & { readonly channel: string; readonly private?: boolean | undefined })
  | (Route<"leave"> & { readonly channel: string })
  | (Route<"history"> &
      InChannel &
      InConversation & {
        readonly limit?: number | undefined;
        readonly before?: string | undefined;
        readonly after?: string | undefined;
      })
  | (Route<"members"> & InChannel & { readonly cursor?: string | undefined })
  | (Route<"channels"> & { readonly mine?: boolean | undefined; readonly cursor?: string | undefined })
  | (Route<"conversations"> & { readonly cursor?: string | undefined })
  | (Route<"direct"> & {
      readonly to: string;
      readonly data: string;
      /** The id of the message of the same conversation that this one replies to. */
      readonly replyTo?: string | undefined;
    })
  | (Route<"name"> & { readonly data: string })
  | (Route<"typing"> & InChannel)
  | (Route<"invite"> & { readonly channel: string; readonly user: string; readonly revoke?: boolean | undefined })
  | (Route<"kick"> & { readonly user: string })
  | (Route<"ban"> & { readonly user: string; readonly seconds?: number | undefined })
  | (Route<"unban"> & { readonly user: string })
  | (Route<"mute"> & InChannel & { readonly user: string; readonly seconds: number })
  | (Route<"delete"> & InChannel & InConversation & { readonly target: string })
  | (Route<"react"> & InChannel & InConversation & { readonly target: string; readonly emoji: string | null })
  | (Route<"edit"> & InChannel & InConversation & { readonly target: string; readonly data: string })
  | (Route<"read"> & InChannel & InConversation & { readonly target: string })
  | (Route<"unread"> & {
      readonly channels?: readonly string[] | undefined;
      readonly conversations?:
        | readonly { readonly direct: string; readonly publisher?: boolean | undefined }[]
        | undefined;
    });
