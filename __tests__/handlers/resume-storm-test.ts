import { expect } from "chai";
import { decodeTime, encodeTime } from "ulid";
import { LOBBY } from "../../chat/channel.ts";
import { RESUME_WINDOW_MILLISECONDS } from "../../chat/message.ts";
import { history } from "../../chat/use-cases/history.ts";
import { sendMessage } from "../../chat/use-cases/send-message.ts";
import type { FrameOutcome } from "../../chat/use-cases/use-case.ts";
import { type Random, SEED, seededRandom } from "../support/random.ts";
import { SlowFunctions } from "../support/storm/slow-functions.ts";
import { expectNone } from "../support/storm/storm.ts";

const RUNS = Number(process.env.FC_RUNS ?? 300);

const FIRST_ID = "0".repeat(26);
const SENDERS = 8;
const MESSAGES_EACH = 5;
const READERS = 3;
const ATTEMPTS_MAX = 12;

interface Sent {
  readonly data: string;
  /** The ids of all acknowledgements. */
  readonly ids: Set<string>;
}

/** Clients that send to one channel and read from it. The functions are slow, fail and die, and their clocks differ. */
class ResumeStorm {
  readonly functions: SlowFunctions;
  readonly sent: Sent[] = [];
  readonly #random: Random;
  #isOver = false;

  constructor(random: Random) {
    this.#random = random;
    this.functions = new SlowFunctions(random);
  }

  /** Returns a sentence for each broken promise. */
  async play(): Promise<string[]> {
    const { time, chat } = this.functions;
    const names = [...Array.from({ length: SENDERS }, (_, at) => `sender-${at}`), "reader"];
    for (const id of names) await chat.enter({ id, user: id, protocol: "chat.v1" });
    const reading = Promise.all(Array.from({ length: READERS }, () => this.#read()));
    const seen = await time.run(this.#sendAll().then(() => reading));
    const kept = await time.run(this.#readAfter(FIRST_ID, new Map()));
    return [...this.sent.flatMap((sent) => wronglyKept(sent, kept)), ...seen.flatMap((each) => missing(each, kept))];
  }

  async #sendAll(): Promise<void> {
    await Promise.all(Array.from({ length: SENDERS }, (_, at) => this.#sendFrom(`sender-${at}`)));
    // A write that was aborted may still take effect.
    await this.functions.time.pause(60_000);
    this.#isOver = true;
  }

  async #sendFrom(user: string): Promise<void> {
    for (let at = 0; at < MESSAGES_EACH; at += 1) {
      await this.functions.time.pause(this.#random.below(10_000));
      await this.#send(user, `message ${at} of ${user}`);
    }
  }

  /** Repeats a frame until it is acknowledged, sometimes on two connections simultaneously. */
  async #send(user: string, data: string): Promise<void> {
    const { time } = this.functions;
    const sent = { data, ids: new Set<string>() };
    this.sent.push(sent);
    const attempt = async (): Promise<void> => {
      const outcome = await this.functions.run(sendMessage, user, {
        channel: LOBBY,
        data,
        id: `id of ${data}`,
      });
      if (outcome?.reply?.type === "ack") sent.ids.add(outcome.reply.message ?? "");
    };
    for (let attempts = 0; attempts < ATTEMPTS_MAX && sent.ids.size === 0; attempts += 1) {
      await Promise.all([
        attempt(),
        this.#random.below(3) === 0 && time.pause(this.#random.below(15_000)).then(attempt),
      ]);
      await time.pause(this.#random.below(40_000));
    }
  }

  /** Resumes repeatedly. Returns the messages that the client received, by id. */
  async #read(): Promise<Map<string, string>> {
    const seen = new Map<string, string>();
    for (let isLast = false; !isLast; ) {
      await this.functions.time.pause(this.#random.below(3_000));
      isLast = this.#isOver;
      const last = [...seen.keys()].sort().at(-1);
      await this.#readAfter(last === undefined ? FIRST_ID : resumePoint(last), seen);
    }
    return seen;
  }

  async #readAfter(from: string, seen: Map<string, string>): Promise<Map<string, string>> {
    for (let after: string | undefined = from; after !== undefined; ) {
      const outcome: FrameOutcome | undefined = await this.functions.run(history, "reader", {
        channel: LOBBY,
        limit: 100,
        after,
      });
      if (outcome?.reply?.type !== "history") continue;
      for (const { id, data } of outcome.reply.messages) seen.set(id, data);
      after = outcome.reply.cursor?.after;
    }
    return seen;
  }
}

/** The position from which docs/protocol.md tells clients to resume. */
const resumePoint = (last: string): string =>
  encodeTime(decodeTime(last) - RESUME_WINDOW_MILLISECONDS) + "0".repeat(16);

function wronglyKept({ data, ids }: Sent, kept: ReadonlyMap<string, string>): string[] {
  const keptAs = [...kept].filter(([, each]) => each === data).map(([id]) => id);
  if (keptAs.length > 1) return [`"${data}" is in the history ${keptAs.length} times`];
  return [...ids]
    .filter((id) => id !== keptAs[0])
    .map((id) => `"${data}" was acknowledged as ${id}, which is not in the history`);
}

const missing = (seen: ReadonlyMap<string, string>, kept: ReadonlyMap<string, string>): string[] =>
  [...kept].filter(([id]) => !seen.has(id)).map(([, data]) => `a client that resumed missed "${data}"`);

describe(`a client that resumes from the history, with different clocks (FC_SEED=${SEED} FC_RUNS=${RUNS})`, () => {
  it("misses no message, and finds each acknowledged message once", async () => {
    let acknowledged = 0;
    for (let run = 0; run < RUNS / 10; run += 1) {
      const storm = new ResumeStorm(seededRandom(SEED * 100_000 + run));
      const wrong = await storm.play();
      expectNone(wrong.map((sentence) => `run ${run}: ${sentence}`));
      acknowledged += storm.sent.filter(({ ids }) => ids.size > 0).length;
    }
    expect(acknowledged).to.be.above(0);
  });
});
