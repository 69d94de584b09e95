import { setTimeout as sleep } from "node:timers/promises";
import { median } from "../harness/measurement.ts";
import { startLambdaProcess } from "./lambda-process.ts";
import { type MessageRun, runMessage } from "./message-run.ts";
import type { Comparison } from "./rounds.ts";
import type { Subject } from "./subjects.ts";

/** The latency of a warm function that has Lambda's share of a core. Medians, in milliseconds from the frame. */
export interface WarmLatency {
  readonly subject: Subject["name"];
  readonly size: number;
  /** The number of messages that the function had handled before. */
  readonly warmUpMessages: number;
  readonly first: number;
  readonly last: number;
  readonly cpuMilliseconds: number;
}

export interface WarmLatencyOptions {
  /** The size of the audience. */
  readonly size: number;
  /** The share of a core. */
  readonly share: number;
  /** The number of messages before the measurement, with a full core. */
  readonly warmUpMessages: number;
  readonly messages: number;
}

/** Long enough for the function to become idle, so that it does not start with a CPU debt. */
const PAUSE_MILLISECONDS = 60;

/** Lambda's periods and messages are not synchronized, so each message starts at another time of a period. */
const pauseAfter = (message: number): number => PAUSE_MILLISECONDS + ((message * 7) % 20);

/** Sends messages to one audience with pauses, by the chat and the textbook in turn. */
export async function measureWarmLatency(comparison: Comparison, options: WarmLatencyOptions): Promise<WarmLatency[]> {
  const { services, subjects, host } = comparison;
  const { size, share, warmUpMessages, messages } = options;
  const cases = subjects
    .filter(({ name }) => name !== "floor")
    .map((subject) => ({
      subject,
      lambdaProcess: startLambdaProcess(host, services.variables),
      runs: [] as MessageRun[],
    }));
  try {
    for (const { subject, lambdaProcess } of cases) {
      for (let message = 0; message < warmUpMessages; message += 1) {
        await runMessage({ services, subject, lambdaProcess, size });
      }
      lambdaProcess.limitCpu(share);
    }
    for (let message = 0; message < messages; message += 1) {
      for (const { subject, lambdaProcess, runs } of cases) {
        await sleep(pauseAfter(message));
        runs.push(await runMessage({ services, subject, lambdaProcess, size }));
      }
    }
  } finally {
    for (const { lambdaProcess } of cases) await lambdaProcess.stop();
  }
  return cases.map(({ subject, runs }) => ({
    subject: subject.name,
    size,
    warmUpMessages,
    first: median(runs.map(({ first }) => first)),
    last: median(runs.map(({ last }) => last)),
    cpuMilliseconds: median(runs.map(({ cpuMilliseconds }) => cpuMilliseconds)),
  }));
}
