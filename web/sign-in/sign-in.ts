/** A way to sign in. */
export interface SignIn {
  /** The choices that the sign-in page offers. */
  readonly choices: readonly SignInChoice[];
  /** Whether somebody is signed in. */
  readonly isSignedIn: boolean;
  /** Identifies the user in this browser. Undefined if each tab can have another user. */
  readonly userId: string | undefined;
  /** Returns a token that is valid for at least a minute. Undefined if the user has to sign in again. */
  token(): Promise<string | undefined>;
  signOut(): void;
}

export interface SignInChoice {
  readonly label: string;
  /** Starts the sign-in. It may leave the page. */
  choose(): Promise<void>;
}
