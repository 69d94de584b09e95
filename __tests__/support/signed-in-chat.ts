import type { Emulator } from "@serverless-chat/emulator";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import type { Environment } from "../../infra/settings/settings.ts";
import { AUDIENCE, startTestIssuer } from "./issuer.ts";
import { startChat } from "./running-chat.ts";
import { synthesizedChat } from "./synthesized.ts";

/** A chat in which everybody is who a token says, with the issuer of the tokens. */
export interface SignedInChat extends Emulator {
  /** The address by which a user connects. */
  urlOf(user: string, groups?: readonly string[]): Promise<string>;
  /** Connects a user who gets everything as JSON. */
  enter(user: string, groups?: readonly string[]): Promise<Client>;
}

/** What is throttled has no id of the frame, and would be waited for. */
const BUSY = { requestsPerSecond: 10_000, burst: 5_000 };

export async function startSignedInChat(own: Partial<Environment> = {}): Promise<SignedInChat> {
  const issuer = await startTestIssuer();
  const authentication = { kind: "jwt", issuer: issuer.url, audience: AUDIENCE } as const;
  const chat = await startChat(synthesizedChat({ environment: { authentication, throttle: BUSY, ...own } }));
  const urlOf = async (user: string, groups: readonly string[] = []): Promise<string> =>
    `${chat.url}?token=${await issuer.token({ claims: { sub: user, groups } })}`;
  return {
    ...chat,
    urlOf,
    enter: async (user, groups) => connect(await urlOf(user, groups), { subprotocols: ["chat.v1"] }),
    async stop() {
      await chat.stop();
      await issuer.stop();
    },
  };
}

/** The answer to a frame; what comes before it is passed over. */
export async function answerTo(client: Client, frame: object): Promise<Record<string, unknown>> {
  const id = `q-${Math.random()}`;
  client.send({ ...frame, id });
  for (;;) {
    const { id: of, ...answer } = JSON.parse(await client.next());
    if (of === id) return answer;
  }
}

/** What a client has heard of others until now, by type. */
export const heardBy = async (client: Client): Promise<Record<string, unknown>[]> =>
  (await client.untilEcho()).map((text) => JSON.parse(text));
