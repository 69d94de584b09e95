import { RULES } from "../../chatops/rules.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import type { Change } from "../synthesized.ts";
import { type LocalIssuer, startIssuer } from "./issuer.ts";

/** How clients get in while a stack is played. */
export interface Admission {
  readonly change: Change;
  /** Commands that connect, given the stage's address; not there where its address is enough. */
  readonly tryWith?: (url: string) => Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Two, to talk to each other. */
const USERS = ["anna", "ben"];

/** Both may do all at the services of chat-ops, and confirm what the other one asks for. */
const GROUPS = Object.values(RULES.groups);

/** By the environments' own authentication, or by another kind. Throws, with what is allowed, at one that there is not. */
export async function admissionOf(kind: string | undefined): Promise<Admission> {
  if (kind === undefined) return { change: (settings) => settings, stop: async () => undefined };
  if (kind === "none") return { change: changeTo(() => ({ kind })), stop: async () => undefined };
  if (kind === "jwt") return byTokensOf(await startIssuer());
  throw new Error(`--auth is "${kind}"; it must be jwt or none.`);
}

/** Each environment has an audience of its own, as it must. These tokens are for whichever is played. */
async function byTokensOf(issuer: LocalIssuer): Promise<Admission> {
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
  (authenticationOf: (environment: Environment) => Environment["authentication"]): Change =>
  (settings) => ({
    ...settings,
    environments: settings.environments.map((each) => ({ ...each, authentication: authenticationOf(each) })),
  });
