import type { SignInConfig } from "../page-config.ts";
import type { SignIn, SignInChoice } from "./sign-in.ts";

/** In this tab only, so that two tabs can be two users. */
const STORAGE_KEY = "chat.development-user";

/** Signs in as one of a few users, without a password. */
export class DevelopmentSignIn implements SignIn {
  readonly choices: readonly SignInChoice[];
  readonly userId = undefined;
  readonly #tokenUrl: string;

  constructor({ users, tokenUrl }: Extract<SignInConfig, { kind: "development" }>) {
    this.#tokenUrl = tokenUrl;
    this.choices = users.map((user) => ({
      label: `Continue as ${user}`,
      choose: async () => sessionStorage.setItem(STORAGE_KEY, user),
    }));
  }

  get isSignedIn(): boolean {
    return sessionStorage.getItem(STORAGE_KEY) !== null;
  }

  async token(): Promise<string | undefined> {
    const user = sessionStorage.getItem(STORAGE_KEY);
    const response = await fetch(this.#tokenUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user }),
    });
    if (response.status >= 500) throw new Error(`The token could not be read: the server answered ${response.status}.`);
    if (!response.ok) return undefined;
    return (await response.json()).token;
  }

  signOut(): void {
    sessionStorage.removeItem(STORAGE_KEY);
  }
}
