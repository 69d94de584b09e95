import { median } from "../harness/measurement.ts";
import type { BackingServices } from "./backing-services.ts";
import { startLambdaProcess } from "./lambda-process.ts";
import { type MessageRun, type MessageRunOptions, runMessage } from "./message-run.ts";
import type { BundledSubjects, Subject } from "./subjects.ts";

/** Medians of the messages to an audience of one size. They are NaN if the function died each time. */
export interface Figures extends Pick<MessageRun, "p50" | "p99" | "last"> {
  readonly subject: Subject["name"];
  readonly size: number;
  readonly cpuMicrosecondsPerRecipient: number;
  readonly recipientsPerSecond: number;
  readonly reads: number;
  readonly writes: number;
  readonly requestsBefore: number;
  readonly requestsInARow: number;
  /** The end of the standard error of each function that died. */
  readonly deaths: readonly string[];
}

export interface RoundsOptions {
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** The number of messages to the smallest audience before the measurement. */
  readonly warmUpMessages: number;
  /** The least number of deliveries before the measurement. */
  readonly warmUpRecipients: number;
  /** The least number of deliveries to an audience in each round, unless that takes too many messages. */
  readonly recipients: number;
  /** The highest number of messages to an audience in each round. */
  readonly messagesMax: number;
}

/** The subjects, and the services that they share. */
export interface Comparison extends BundledSubjects {
  readonly services: BackingServices;
}

type SubjectOptions = Omit<MessageRunOptions, "size">;

/**
 * Measures one subject after the other, for several rounds, so that other load on this machine affects all of them equally. Returns
 * medians.
 */
export async function playRounds(
  { services, subjects, host }: Comparison,
  { sizes, rounds, warmUpMessages, warmUpRecipients, recipients, messagesMax }: RoundsOptions,
): Promise<Figures[]> {
  const all = subjects.map((subject): SubjectOptions => {
    return { services, subject, lambdaProcess: startLambdaProcess(host, services.variables) };
  });
  const cases = sizes.flatMap((size) => all.map((options) => ({ ...options, size, sample: newSample() })));
  try {
    const [smallest = 1] = sizes;
    const [size = 1] = sizes.slice(sizes.length / 2);
    for (const options of all) {
      await measure({ ...options, size: smallest, sample: newSample() }, warmUpMessages * smallest);
      await measure({ ...options, size, sample: newSample() }, warmUpRecipients);
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const one of cases) await measure(one, Math.min(recipients, messagesMax * one.size));
    }
  } finally {
    for (const { lambdaProcess } of all) await lambdaProcess.stop();
  }
  return cases.map(figuresOf);
}

interface Sample {
  readonly runs: MessageRun[];
  readonly deaths: string[];
}

interface Case extends SubjectOptions {
  readonly size: number;
  readonly sample: Sample;
}

const newSample = (): Sample => ({ runs: [], deaths: [] });

/** A textbook function that dies is a result. Any other failure ends the benchmark. */
async function measure({ sample, ...options }: Case, recipients: number): Promise<void> {
  for (let delivered = 0; delivered < recipients; delivered += options.size) {
    try {
      sample.runs.push(await runMessage(options));
    } catch (fault) {
      if (options.subject.name !== "textbook") throw fault;
      sample.deaths.push((fault as Error).message);
    }
  }
}

function figuresOf({ subject, size, sample: { runs, deaths } }: Case): Figures {
  const of = (figure: (run: MessageRun) => number): number => median(runs.map(figure));
  return {
    subject: subject.name,
    size,
    cpuMicrosecondsPerRecipient: (of(({ cpuMilliseconds }) => cpuMilliseconds) / size) * 1_000,
    recipientsPerSecond: (size / of(({ last }) => last)) * 1_000,
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    last: of(({ last }) => last),
    reads: of(({ units }) => units.reads),
    writes: of(({ units }) => units.writes),
    requestsBefore: of(({ requestsBefore }) => requestsBefore),
    requestsInARow: of(({ requestsInARow }) => requestsInARow),
    deaths,
  };
}
