import type { ReceivedMessage } from "@serverless-chat/client";
import { type Emulator, start } from "@serverless-chat/emulator";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { AUDIENCE, startTestIssuer } from "./issuer.ts";
import { type Random, seededRandom } from "./random.ts";
import { type RoughNetwork, startRoughNetwork } from "./rough-network.ts";
import { synthesizedChat } from "./synthesized.ts";

const USERS = ["anna", "ben", "carl"];

/** The clock of the sessions is so much faster than the real one, so that a halt of 30 s takes 1.5 s. */
export const SPEED = 20;
const HALT_MILLISECONDS = 30_000;
/** Longer than a function takes on a slow machine. */
export const TIMING = { settle: 2_000 * SPEED };
const THROTTLE = { requestsPerSecond: 10_000, burst: 5_000 };

export interface Connecting {
  /** The address of the chat, through the network of the user. */
  readonly url: string;
  readonly token: () => Promise<string>;
}

/** A session in the lobby, wherever it runs. */
export interface StormSession {
  /** Resolves once the message is stored. */
  send(text: string): Promise<void>;
  waitForMessages(count: number): Promise<void>;
  /** In the order in which they were reported. */
  messages(): Promise<readonly Pick<ReceivedMessage, "id" | "from" | "data" | "isLate">[]>;
  /** How many connections were lost. */
  losses(): Promise<number>;
  close(): Promise<void>;
}

export interface RoughRun {
  readonly seed: number;
  /** Of each user. */
  readonly messages: number;
  /** Opens a session, and resolves once it is online. */
  readonly open: (connecting: Connecting) => Promise<StormSession>;
}

interface User {
  readonly name: string;
  readonly session: StormSession;
  readonly network: RoughNetwork;
}

/** One chat with its data, which can be restarted at the same address. */
class Chat {
  #emulator: Emulator | undefined;
  readonly #dataDirectory = temporaryDirectory();
  readonly #stackDirectory: string;
  #port = 0;

  constructor(stackDirectory: string) {
    this.#stackDirectory = stackDirectory;
  }

  async start(): Promise<string> {
    this.#emulator = await start({
      stackDirectory: this.#stackDirectory,
      dataDirectory: this.#dataDirectory,
      port: this.#port,
      log: () => undefined,
    });
    this.#port = Number(new URL(this.#emulator.url).port);
    return this.#emulator.url;
  }

  async stop(): Promise<void> {
    await this.#emulator?.stop();
  }
}

/** Breaks something after a given number of acknowledged messages, so that every run ends. */
function* faults(random: Random, chat: Chat, users: readonly User[]): Generator<() => Promise<void> | void> {
  const restart = async (): Promise<void> => {
    await chat.stop();
    await chat.start();
  };
  const cut = (): void => random.pick(users).network.cut();
  const halt = (): void => random.pick(users).network.halt(random.below(HALT_MILLISECONDS) / SPEED);
  // Each kind at least once, however short the run is.
  yield* [cut, halt, restart];
  for (;;) yield random.pick([cut, cut, halt, halt, restart]);
}

/**
 * Three users send to each other while their networks halt, reset and duplicate connections, and the chat restarts. Throws
 * unless everybody got every message once and in order.
 */
export async function runInRoughNetwork({ seed, messages: count, open }: RoughRun): Promise<void> {
  const closers: (() => Promise<void>)[] = [];
  const random = seededRandom(seed);
  try {
    const issuer = await startTestIssuer();
    closers.push(issuer.stop);
    const authentication = { kind: "jwt", issuer: issuer.url, audience: AUDIENCE } as const;
    const chat = new Chat(synthesizedChat({ environment: { authentication, throttle: THROTTLE } }));
    const chatUrl = await chat.start();
    closers.push(() => chat.stop());
    const enter = async (name: string): Promise<User> => {
      const network = await startRoughNetwork(chatUrl, { random, delayMilliseconds: 20 });
      closers.push(network.stop);
      const token = () => issuer.token({ claims: { sub: name, groups: [] } });
      const session = await open({ url: network.url, token });
      closers.push(() => session.close());
      return { name, session, network };
    };
    const users = await Promise.all(USERS.map(enter));
    const texts = Array.from({ length: count }, (_, index) => String(index));
    await sendAll(users, { texts, random, chat });
    await verify(users, texts);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

interface Sending {
  readonly texts: readonly string[];
  readonly random: Random;
  readonly chat: Chat;
}

async function sendAll(users: readonly User[], { texts, random, chat }: Sending): Promise<void> {
  const next = faults(random, chat, users);
  let [acknowledged, breakAt] = [0, 5];
  const say = async ({ name, session }: User, text: string): Promise<void> => {
    await session.send(`${name} ${text}`);
    acknowledged += 1;
    if (acknowledged < breakAt) return;
    breakAt = acknowledged + 5 + random.below(Math.min(texts.length / 2, 50));
    await next.next().value();
  };
  await Promise.all(users.flatMap((user) => texts.map((text) => say(user, text))));
}

async function verify(users: readonly User[], texts: readonly string[]): Promise<void> {
  const all = USERS.flatMap((name) => texts.map((text) => `${name} ${text}`));
  let losses = 0;
  for (const { session } of users) {
    await session.waitForMessages(all.length);
    losses += await session.losses();
    const reported = await session.messages();
    const messages = [...reported].sort((one, other) => (one.id < other.id ? -1 : 1));
    expect(messages.map(({ data }) => data)).to.have.members(all);
    // A restart ends functions, so a repeat can store a message after one with a later id. The session marks it as late.
    const ids = reported.flatMap(({ id, isLate }) => (isLate ? [] : [id]));
    expect(ids).to.deep.equal([...ids].sort());
    for (const name of USERS) {
      const own = messages.filter(({ from }) => from === name).map(({ data }) => data);
      expect(own).to.deep.equal(texts.map((text) => `${name} ${text}`));
    }
  }
  // How many of them depends on when the faults occur.
  expect(losses, "connections that were lost").to.be.above(0);
  const duplicated = users.reduce((sum, { network }) => sum + network.duplicated(), 0);
  expect(duplicated, "duplicated connections").to.be.above(0);
}
