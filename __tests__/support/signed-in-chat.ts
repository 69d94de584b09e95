import type { EmulatorOptions } from "@serverless-chat/emulator";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import type { Environment } from "../../infra/settings/settings.ts";
import { AUDIENCE, startTestIssuer } from "./issuer.ts";
import { type EmulatedChat, startChat } from "./running-chat.ts";
import { synthesizedChat } from "./synthesized.ts";

/** A chat with authenticated users, and the issuer of their tokens. */
export interface SignedInChat extends EmulatedChat {
  /** The URL with a token of the user. */
  urlOf(user: string, groups?: readonly string[]): Promise<string>;
  /** Connects a user with chat.v1. */
  enter(user: string, groups?: readonly string[]): Promise<Client>;
}

/** High limits: the error of a throttled frame has no id, so `answerTo` would wait forever. */
const UNTHROTTLED = { requestsPerSecond: 10_000, burst: 5_000 };

const TOKEN_SECONDS = 3_600;

interface Additions extends Pick<EmulatorOptions, "observe"> {
  /** Adds files to the folder of the stack. */
  readonly extend?: (stackDirectory: string) => void;
}

export async function startSignedInChat(
  own: Partial<Environment> = {},
  { extend = () => undefined, ...options }: Additions = {},
): Promise<SignedInChat> {
  const issuer = await startTestIssuer();
  const authentication = { kind: "jwt", issuer: issuer.url, audience: AUDIENCE } as const;
  const folder = synthesizedChat({ environment: { authentication, throttle: UNTHROTTLED, ...own } });
  extend(folder);
  const chat = await startChat(folder, options);
  const urlOf = async (user: string, groups: readonly string[] = []): Promise<string> => {
    // The time of the emulator can be ahead of this process.
    const exp = Math.floor(chat.now() / 1_000) + TOKEN_SECONDS;
    return `${chat.url}?token=${await issuer.token({ claims: { sub: user, groups, exp } })}`;
  };
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

/** Sends a frame, and returns its answer. Ignores other frames before it. */
export async function answerTo(client: Client, frame: object): Promise<Record<string, unknown>> {
  const id = `q-${Math.random()}`;
  client.send({ ...frame, id });
  for (;;) {
    const { id: of, ...answer } = JSON.parse(await client.next());
    if (of === id) return answer;
  }
}

/** The frames that a client has received and not read yet. */
export const unreadFrames = async (client: Client): Promise<Record<string, unknown>[]> =>
  (await client.untilEcho()).map((text) => JSON.parse(text));
