import { type Emulator, start } from "@serverless-chat/emulator";
import { expect } from "chai";
import { AUDIENCE, startTestIssuer, type TestIssuer } from "../support/issuer.ts";
import { type Random, seededRandom } from "../support/random.ts";
import { type RoughNetwork, startRoughNetwork } from "../support/rough-network.ts";
import { openSession, type RecordedSession } from "../support/session.ts";
import { SEED } from "../support/storm/seed.ts";
import { synthesizedChat } from "../support/synthesized.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const { FC_RUNS } = process.env;
/** Of each user. The long run takes one to two minutes. */
const MESSAGES = FC_RUNS === undefined ? 40 : 300;
const USERS = ["anna", "ben", "carl"];

/** The clock of the sessions is so much faster than the real one, so that a halt of 30 s takes 1.5 s. */
const SPEED = 20;
const HALT_MILLISECONDS = 30_000;
/** Longer than a function takes on a slow machine. */
const TIMING = { settle: 2_000 * SPEED };
const THROTTLE = { requestsPerSecond: 10_000, burst: 5_000 };

interface User {
  readonly recorded: RecordedSession;
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

describe(`sessions in a rough network (FC_SEED=${SEED})`, () => {
  let issuer: TestIssuer;
  let stackDirectory: string;
  const closers: (() => Promise<void>)[] = [];
  before(async () => {
    issuer = await startTestIssuer();
    const authentication = { kind: "jwt", issuer: issuer.url, audience: AUDIENCE } as const;
    stackDirectory = synthesizedChat({ environment: { authentication, throttle: THROTTLE } });
  });
  after(() => issuer.stop());
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const enter = async (name: string, { chatUrl, random }: { chatUrl: string; random: Random }): Promise<User> => {
    const network = await startRoughNetwork(chatUrl, { random, delayMilliseconds: 20 });
    const after = (milliseconds: number, act: () => void) => {
      const timer = setTimeout(act, milliseconds / SPEED);
      return () => clearTimeout(timer);
    };
    const recorded = await openSession({
      connect: async () => ({
        url: network.url,
        protocols: [`bearer.${await issuer.token({ claims: { sub: name, groups: [] } })}`],
      }),
      ports: { after },
      timing: TIMING,
    });
    closers.push(network.stop, () => recorded.session.close());
    return { recorded, network };
  };

  it(`deliver every message once and in order `, async function () {
    this.timeout(900_000);
    const random = seededRandom(SEED);
    const chat = new Chat(stackDirectory);
    const chatUrl = await chat.start();
    closers.push(() => chat.stop());
    const users = await Promise.all(USERS.map((name) => enter(name, { chatUrl, random })));
    const next = faults(random, chat, users);
    let [acknowledged, breakAt] = [0, 5];
    const say = async ({ recorded: { session } }: User, data: string): Promise<void> => {
      await session.send("lobby", data);
      acknowledged += 1;
      if (acknowledged < breakAt) return;
      breakAt = acknowledged + 10 + random.below(50);
      await next.next().value();
    };
    const texts = Array.from({ length: MESSAGES }, (_, index) => String(index));
    await Promise.all(users.flatMap((user, at) => texts.map((text) => say(user, `${USERS[at]} ${text}`))));
    const all = USERS.flatMap((name) => texts.map((text) => `${name} ${text}`));
    for (const { recorded } of users) await recorded.until(() => recorded.messages("lobby").length >= all.length);
    const offlines = users.flatMap(({ recorded }) => recorded.states("offline"));
    expect(offlines, "connections that were lost").to.have.length.above(3);
    expect(
      users.reduce((sum, { network }) => sum + network.duplicated(), 0),
      "duplicated",
    ).to.be.above(0);
    for (const { recorded } of users) {
      const messages = [...recorded.messages("lobby")].sort((one, other) => (one.id < other.id ? -1 : 1));
      expect(messages.map(({ data }) => data)).to.have.members(all);
      // A restart ends functions, so a repeat can store a message after one with a later id. The session marks it as late.
      const ids = recorded.messages("lobby").flatMap(({ id, isLate }) => (isLate ? [] : [id]));
      expect(ids).to.deep.equal([...ids].sort());
      for (const name of USERS) {
        const own = messages.filter(({ from }) => from === name).map(({ data }) => data);
        expect(own).to.deep.equal(texts.map((text) => `${name} ${text}`));
      }
    }
  });
});
