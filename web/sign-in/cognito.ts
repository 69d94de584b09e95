import type { SignInConfig } from "../page-config.ts";
import { subjectOf } from "./claims.ts";
import { challengeOf, randomText } from "./pkce.ts";
import type { SignIn, SignInChoice } from "./sign-in.ts";

type CognitoConfig = Extract<SignInConfig, { kind: "cognito" }>;

/** What the token endpoint returns, with the time at which the access token expires. */
interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A sign-in that has started: the redirect back must have its state, and only this tab has its verifier. */
interface Attempt {
  readonly state: string;
  readonly verifier: string;
}

const TOKENS_KEY = "chat.tokens";
const ATTEMPT_KEY = "chat.sign-in";

/** A token is renewed this long before it expires. */
const RENEWAL_MILLISECONDS = 60_000;

/**
 * Signs in on the pages of a Cognito user pool, by the authorization code flow with PKCE and without a client secret.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/using-pkce-in-authorization-code.html
 */
export class CognitoSignIn implements SignIn {
  readonly choices: readonly SignInChoice[] = [{ label: "Sign in", choose: () => this.#redirect() }];
  readonly #config: CognitoConfig;

  constructor(config: CognitoConfig) {
    this.#config = config;
  }

  get isSignedIn(): boolean {
    return readStored<Tokens>(TOKENS_KEY) !== undefined;
  }

  get userId(): string | undefined {
    return subjectOf(readStored<Tokens>(TOKENS_KEY)?.accessToken ?? "");
  }

  /**
   * Completes a sign-in if the address of the page has an authorization code. The code is removed from the address: it can
   * be used only once. Rejects with a message for the user.
   */
  async complete(): Promise<void> {
    const parameters = new URLSearchParams(location.search);
    if (!parameters.has("state")) return;
    const attempt = readStored<Attempt>(ATTEMPT_KEY);
    sessionStorage.removeItem(ATTEMPT_KEY);
    history.replaceState(null, "", location.pathname);
    const refused = parameters.get("error_description") ?? parameters.get("error");
    if (refused !== null) throw new Error(`The sign-in was refused: ${refused}.`);
    if (attempt === undefined || parameters.get("state") !== attempt.state) {
      throw new Error("The sign-in did not start in this tab. Sign in again.");
    }
    const tokens = await this.#request({
      grant_type: "authorization_code",
      code: parameters.get("code") ?? "",
      code_verifier: attempt.verifier,
      redirect_uri: this.#config.redirectUri,
    });
    if (!tokens) throw new Error("The sign-in has expired. Sign in again.");
  }

  async token(): Promise<string | undefined> {
    const tokens = readStored<Tokens>(TOKENS_KEY);
    if (tokens && tokens.expiresAt - Date.now() > RENEWAL_MILLISECONDS) return tokens.accessToken;
    const { refreshToken } = tokens ?? {};
    if (refreshToken === undefined) return undefined;
    const renewed = await this.#request({ grant_type: "refresh_token", refresh_token: refreshToken }, refreshToken);
    return renewed?.accessToken;
  }

  signOut(): void {
    sessionStorage.removeItem(TOKENS_KEY);
    const parameters = new URLSearchParams({ client_id: this.#config.clientId, logout_uri: this.#config.redirectUri });
    location.assign(`${this.#config.domain}/logout?${parameters}`);
  }

  async #redirect(): Promise<void> {
    const { domain, clientId, redirectUri, scopes } = this.#config;
    const attempt: Attempt = { state: randomText(), verifier: randomText() };
    sessionStorage.setItem(ATTEMPT_KEY, JSON.stringify(attempt));
    const parameters = new URLSearchParams({
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: scopes.join(" "),
      state: attempt.state,
      code_challenge: await challengeOf(attempt.verifier),
      code_challenge_method: "S256",
    });
    location.assign(`${domain}/oauth2/authorize?${parameters}`);
  }

  /**
   * Requests tokens and stores them. Undefined if the user pool refuses: the code or the refresh token is no longer valid.
   * Rejects if it cannot be reached. A response to a renewal may have no new refresh token: the old one stays valid.
   * https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
   */
  async #request(parameters: Record<string, string>, refreshToken?: string): Promise<Tokens | undefined> {
    const { domain, clientId } = this.#config;
    const response = await fetch(`${domain}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({ ...parameters, client_id: clientId }),
    });
    if (response.status >= 500) throw new Error(`The sign-in service answered ${response.status}.`);
    if (!response.ok) {
      sessionStorage.removeItem(TOKENS_KEY);
      return undefined;
    }
    const { access_token, refresh_token = refreshToken, expires_in } = await response.json();
    const expiresAt = Date.now() + expires_in * 1000;
    const tokens: Tokens = { accessToken: access_token, refreshToken: refresh_token, expiresAt };
    sessionStorage.setItem(TOKENS_KEY, JSON.stringify(tokens));
    return tokens;
  }
}

function readStored<Value>(key: string): Value | undefined {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : JSON.parse(text);
}
