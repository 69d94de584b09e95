/** How users sign in. */
export type SignInConfig =
  | { readonly kind: "none" }
  | {
      readonly kind: "cognito";
      /** The address of the user pool's sign-in pages. */
      readonly domain: string;
      readonly clientId: string;
      readonly scopes: readonly string[];
      /** The address of this page, as it is registered with the user pool. */
      readonly redirectUri: string;
    }
  /** `tokenUrl` issues a token to everybody who asks. Only on a developer's machine. */
  | { readonly kind: "development"; readonly users: readonly string[]; readonly tokenUrl: string };

/** The settings of the page, which are read when it is loaded. */
export interface PageConfig {
  /** The address of the chat, such as `wss://a1b2c3.execute-api.eu-west-2.amazonaws.com/dev`. */
  readonly url: string;
  readonly signIn: SignInConfig;
  /** The groups whose members can kick, ban, mute and delete. Without it, the chat has no moderation. */
  readonly moderators?: readonly string[];
  /** How long users can edit and delete their own messages. Without it, they cannot. */
  readonly ownMessageMinutes?: number;
  /** Whether users can react to messages. */
  readonly reactions?: true;
  /** The chat keeps the channels of its users. If omitted, the browser keeps them. */
  readonly lastingMembership?: true;
  /** The chat stores how far users have read. If omitted, the browser stores it. */
  readonly unreadCounts?: true;
  /** The chat stores direct messages. If omitted, they are lost when the page is closed. */
  readonly directConversations?: true;
}
