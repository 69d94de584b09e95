import type { ChildProcess } from "node:child_process";
import type { ChatAddresses } from "../../harness/chat-process.ts";
import { endChild, firstMessage, request, startChild } from "../../harness/child-process.ts";
import { median, repeat } from "../../harness/measurement.ts";
import { Crowd } from "./crowd.ts";
import { latencyOf, mediansOf, type Steps, simulateLastDelivery } from "./steps.ts";

const MEMBERS = [100, 500, 1_000];

/** Everything is measured in turn, so that other load on this machine affects all of it equally. The results are medians. */
const ROUNDS = 7;
const MESSAGES = 5;
const ECHOES = 20;

/** V8 compiles a function only after it has run some dozen times. */
const WARM_UP_MESSAGES = 60;

const START_SECONDS_MAX = 120;

interface Round extends Steps {
  /** From sending a message to the last of its deliveries, in milliseconds. */
  readonly last: number;
}

/** Time until the last member has a message: on the emulator, and in a simulation with the emulator's latencies. */
export interface Comparison {
  readonly members: number;
  readonly steps: Steps;
  readonly measured: number;
  readonly simulated: number;
}

/** Measures single steps and deliveries on the emulator, then simulates the deliveries from the single steps. */
export async function compareWithEmulator(): Promise<Comparison[]> {
  // Without IAM, because the probe has no role. The signatures that are measured have the same cost without it.
  const chat = startChild(new URL("../../harness/chat-process.ts", import.meta.url), [JSON.stringify({ iam: false })]);
  const addresses = await firstMessage<ChatAddresses>(chat, START_SECONDS_MAX);
  const probe = startChild(new URL("probe-process.ts", import.meta.url), [JSON.stringify(addresses)]);
  const crowd = new Crowd(addresses.url);
  try {
    return await compareAll(crowd, probe);
  } finally {
    crowd.terminate();
    for (const child of [probe, chat]) await endChild(child);
  }
}

async function compareAll(crowd: Crowd, probe: ChildProcess): Promise<Comparison[]> {
  await crowd.growTo(MEMBERS[0] ?? 1);
  await repeat(WARM_UP_MESSAGES, () => crowd.sendMessage());
  const all: Comparison[] = [];
  for (const members of MEMBERS) {
    await crowd.growTo(members);
    // The first round warms up.
    const [, ...rounds] = await repeat(1 + ROUNDS, () => measure(crowd, probe));
    const steps = mediansOf(rounds);
    const measured = median(rounds.map(({ last }) => last));
    all.push({ members, steps, measured, simulated: await simulateLastDelivery(members, steps) });
  }
  return all;
}

async function measure(crowd: Crowd, probe: ChildProcess): Promise<Round> {
  const last = median(await repeat(MESSAGES, () => crowd.sendMessage()));
  const route = latencyOf(await repeat(ECHOES, () => crowd.echo()));
  return { last, route, ...(await request<Omit<Steps, "route">>(probe, "measure")) };
}
