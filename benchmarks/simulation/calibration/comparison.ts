import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { table } from "../../../scripts/docs/table.ts";
import type { Addresses } from "../../../scripts/simulate/addresses.ts";
import { mediansOf, type Steps, simulateLast } from "./steps.ts";
import { Crowd } from "./crowd.ts";
import { latencyOf, median } from "../../../scripts/simulate/timing.ts";

const MEMBERS = [100, 500, 1_000];

/** What else the machine does meets all alike: everything is measured in turn, in rounds, and medians are shown. */
const ROUNDS = 7;
const MESSAGES = 5;
const ECHOES = 20;

/** A function runs its code some dozen times before it is compiled. */
const WARM_UP_MESSAGES = 60;

/** How far the simulation may be off. */
const SHARE_MAX = 0.2;

interface Round extends Steps {
  /** From a message's being sent to its reaching the last of all, in milliseconds. */
  readonly last: number;
}

interface Agreement {
  readonly members: number;
  readonly steps: Steps;
  readonly measured: number;
  readonly simulated: number;
}

/**
 * Single steps are measured on the emulator and put into the simulation; then both deliver, and are shown side by side.
 * Throws where they are too far apart.
 */
export async function check(): Promise<void> {
  const emulator = start("../../../scripts/simulate/emulator.ts");
  const addresses = await answerOf<Addresses>(emulator);
  const probe = start("probe-process.ts", JSON.stringify(addresses));
  const crowd = new Crowd(addresses.url);
  try {
    const all = await compareAll(crowd, probe);
    console.log(table(HEADS, all.map(rowOf)));
    const wrong = all.filter(({ measured, simulated }) => Math.abs(simulated / measured - 1) > SHARE_MAX);
    if (wrong.length > 0)
      throw new Error(`With ${wrong.map(({ members }) => members)} members they are too far apart.`);
  } finally {
    crowd.hangUp();
    for (const child of [probe, emulator]) await end(child);
  }
}

const start = (file: string, ...args: string[]): ChildProcess =>
  fork(fileURLToPath(new URL(file, import.meta.url)), args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });

/** What a child says next. Rejects when it ends instead. */
async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const decided = new AbortController();
  const { signal } = decided;
  const ended = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.at(-1)} ended with ${code} and said nothing.`);
  });
  try {
    const [answer] = await Promise.race([once(child, "message", { signal }), ended]);
    return answer;
  } finally {
    decided.abort();
    await ended.catch(() => undefined);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (!child.connected) return;
  child.disconnect();
  await once(child, "exit");
}

async function compareAll(crowd: Crowd, probe: ChildProcess): Promise<Agreement[]> {
  await crowd.growTo(MEMBERS[0] ?? 1);
  await repeat(WARM_UP_MESSAGES, () => crowd.say());
  const all: Agreement[] = [];
  for (const members of MEMBERS) {
    await crowd.growTo(members);
    // The first one warms up.
    await measure(crowd, probe);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure(crowd, probe));
    const steps = mediansOf(rounds);
    const measured = median(rounds.map(({ last }) => last));
    all.push({ members, steps, measured, simulated: await simulateLast(members, steps) });
  }
  return all;
}

async function measure(crowd: Crowd, probe: ChildProcess): Promise<Round> {
  const last = median(await repeat(MESSAGES, () => crowd.say()));
  const route = latencyOf(await repeat(ECHOES, () => crowd.echo()));
  probe.send("measure");
  return { last, route, ...(await answerOf<Omit<Steps, "route">>(probe)) };
}

async function repeat(count: number, act: () => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (let turn = 0; turn < count; turn += 1) all.push(await act());
  return all;
}

const HEADS = [
  "members",
  "a push",
  "a push among 32",
  "a request",
  "a member read",
  "emulator",
  "simulated",
  "difference",
];

const rowOf = ({ members, steps, measured, simulated }: Agreement): string[] => {
  const { push, pushAtOnce, request, member } = steps;
  const percent = Math.round((simulated / measured - 1) * 100);
  return [
    members.toLocaleString("en"),
    ...[push.median, pushAtOnce, request.median, member].map((milliseconds) => `${milliseconds.toFixed(3)} ms`),
    `${measured.toFixed(0)} ms`,
    `${simulated.toFixed(0)} ms`,
    `${percent > 0 ? "+" : ""}${percent} %`,
  ];
};
