import { join } from "node:path";
import { bundle, inTemporaryDirectory } from "../harness/bundle.ts";
import { median, monotonic } from "../harness/measurement.ts";
import { type BackingServices, startBackingServices } from "./backing-services.ts";
import type { Invocation } from "./lambda-host.ts";
import { type LambdaProcess, startLambdaProcess } from "./lambda-process.ts";
import { CHAT_TABLE, channelOf } from "./seed.ts";
import { eventOf } from "./subjects.ts";

export interface PublishingOptions {
  /** The sizes of the audiences. */
  readonly sizes: readonly number[];
  /** The numbers of messages in a call of `publish`. */
  readonly batches: readonly number[];
  /** The number of messages of each case in a round. */
  readonly messages: number;
  readonly rounds: number;
}

/** One caller that waits for each response. Medians, of a message. */
export interface PublishingFigures {
  readonly route: "publish" | "sendmessage";
  readonly size: number;
  /** The number of messages in a call. */
  readonly batch: number;
  readonly messagesPerSecond: number;
  readonly cpuMilliseconds: number;
  readonly reads: number;
  readonly writes: number;
}

type Run = Omit<PublishingFigures, "route" | "size" | "batch">;

interface Case extends Pick<PublishingFigures, "route" | "size" | "batch"> {
  readonly lambdaProcess: LambdaProcess;
  /** A call with new messages. */
  readonly call: () => Invocation;
  readonly runs: Run[];
}

/** Measures `publish`, and `sendmessage` with an `id` in turn. The first round is a warm-up. */
export const benchPublishing = (options: PublishingOptions): Promise<PublishingFigures[]> =>
  inTemporaryDirectory(async (directory) => {
    const [publish, sendMessage] = await bundle(
      { folder: "handlers", entries: ["publish", "send-message"] },
      join(directory, "chat"),
    );
    const [host] = await bundle({ folder: "benchmarks/fan-out", entries: ["lambda-host"] }, directory);
    const services = await startBackingServices(options.sizes);
    const processes = [publish, sendMessage].map(() => startLambdaProcess(host, services.variables));
    const [publisher, sender] = processes as [LambdaProcess, LambdaProcess];
    const cases = options.sizes.flatMap((size): Case[] => [
      ...options.batches.map((batch) => publishing({ bundle: publish, lambdaProcess: publisher }, size, batch)),
      sending({ bundle: sendMessage, lambdaProcess: sender }, size),
    ]);
    try {
      for (let round = 0; round <= options.rounds; round += 1) {
        for (const one of cases) await measure(one, { services, messages: options.messages, isWarmUp: round === 0 });
      }
    } finally {
      for (const each of processes) await each.stop();
      await services.stop();
    }
    return cases.map(figuresOf);
  });

type Runner = Pick<Invocation, "bundle"> & Pick<Case, "lambdaProcess">;

const TEXT = "deployed 1.4.2";

function publishing({ bundle: path, lambdaProcess }: Runner, size: number, batch: number): Case {
  let calls = 0;
  const messages = () =>
    Array.from({ length: batch }, (_, index) => {
      return { channel: channelOf(size), data: TEXT, from: "deploy", id: `${size}-${batch}-${calls}-${index}` };
    });
  const call = (): Invocation => {
    calls += 1;
    return { bundle: path, event: { messages: messages() }, tableName: CHAT_TABLE };
  };
  return { route: "publish", size, batch, lambdaProcess, call, runs: [] };
}

function sending({ bundle: path, lambdaProcess }: Runner, size: number): Case {
  let calls = 0;
  const call = (): Invocation => {
    calls += 1;
    const frame = { message: "sendmessage", channel: channelOf(size), data: TEXT, id: `${size}-${calls}` };
    return { bundle: path, event: { ...eventOf(size), body: JSON.stringify(frame) }, tableName: CHAT_TABLE };
  };
  return { route: "sendmessage", size, batch: 1, lambdaProcess, call, runs: [] };
}

interface Measurement {
  readonly services: BackingServices;
  readonly messages: number;
  readonly isWarmUp: boolean;
}

/** Rejects unless each member of the audience receives each message exactly once. */
async function measure(
  { lambdaProcess, call, runs, route, size, batch }: Case,
  { services, messages, isWarmUp }: Measurement,
): Promise<void> {
  for (let sent = 0; sent < messages; sent += batch) {
    await services.received("all");
    await services.tableUse();
    const startedAt = monotonic();
    const { cpuMilliseconds } = await lambdaProcess.invoke(call());
    const duration = monotonic() - startedAt;
    const { pushes } = await services.received("all");
    requireEachOnce(pushes, { route, size, batch });
    const { units } = await services.tableUse();
    if (isWarmUp) continue;
    const [reads, writes] = [units.reads / batch, units.writes / batch];
    runs.push({
      messagesPerSecond: (batch / duration) * 1_000,
      cpuMilliseconds: cpuMilliseconds / batch,
      ...{ reads, writes },
    });
  }
}

/** The sender of a frame with an `id` also gets an acknowledgement. */
export function requireEachOnce(
  pushes: Readonly<Record<string, readonly number[]>>,
  { route, size, batch }: Pick<Case, "route" | "size" | "batch">,
): void {
  const received = Object.values(pushes).map(({ length }) => length);
  const total = received.reduce((sum, each) => sum + each, 0);
  const expected = size * batch + Number(route === "sendmessage");
  if (received.length === size && Math.min(...received) >= batch && total === expected) return;
  throw new Error(
    `${received.length} of ${size} members received ${total} messages in total; expected: ${expected}, and at least ${batch} for each member.`,
  );
}

function figuresOf({ route, size, batch, runs }: Case): PublishingFigures {
  const of = (figure: keyof Run): number => median(runs.map((run) => run[figure]));
  return {
    ...{ route, size, batch },
    messagesPerSecond: of("messagesPerSecond"),
    cpuMilliseconds: of("cpuMilliseconds"),
    reads: of("reads"),
    writes: of("writes"),
  };
}
