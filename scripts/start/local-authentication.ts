import { RULES } from "../../chatops/rules.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import type { ChangeSettings } from "../synthesized.ts";
import { type LocalIssuer, startIssuer } from "./issuer.ts";

/** How clients of the emulated stack authenticate. */
export interface LocalAuthentication {
  readonly change: ChangeSettings;
  /** Returns example commands that connect to a URL. Undefined if no token is needed. */
  readonly tryWith?: (url: string) => Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Two users, who can send to each other. */
const USERS = ["anna", "ben"];

/** Both users have all rights in chat-ops, so each can confirm the actions of the other. */
const GROUPS = Object.values(RULES.groups);

/** Keeps the authentication of the settings, or replaces it by another kind. Throws if the kind is unknown. */
export async function localAuthentication(kind: string | undefined): Promise<LocalAuthentication> {
  if (kind === undefined) return { change: (settings) => settings, stop: async () => undefined };
  if (kind === "none") return { change: changeTo(() => ({ kind })), stop: async () => undefined };
  if (kind === "jwt") return withTokensOf(await startIssuer());
  throw new Error(`--auth is "${kind}"; it must be jwt or none.`);
}

/** Each environment needs its own audience. The tokens are valid for all of them, whichever is played. */
async function withTokensOf(issuer: LocalIssuer): Promise<LocalAuthentication> {
  const audiences: string[] = [];
  const change = changeTo(({ name }) => {
    audiences.push(name);
    return { kind: "jwt", issuer: issuer.url, audience: name };
  });
  const tryWith = (url: string) =>
    Promise.all(
      USERS.map(async (user) => {
        const token = await issuer.tokenFor({ user, audiences, groups: [...new Set(GROUPS)] });
        return `npx wscat -c "${url}?token=${token}"  # ${user}`;
      }),
    );
  return { change, tryWith, stop: issuer.stop };
}

const changeTo =
  (authenticationOf: (environment: Environment) => Environment["authentication"]): ChangeSettings =>
  (settings) => ({
    ...settings,
    environments: settings.environments.map((each) => ({ ...each, authentication: authenticationOf(each) })),
  });
