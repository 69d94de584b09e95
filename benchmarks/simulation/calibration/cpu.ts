import { setTimeout as sleep } from "node:timers/promises";
import { eventFor } from "../../cold-start/events.ts";
import { type BackingServices, startBackingServices } from "../../fan-out/backing-services.ts";
import { type LambdaProcess, startLambdaProcess } from "../../fan-out/lambda-process.ts";
import { runMessage } from "../../fan-out/message-run.ts";
import { CHAT_TABLE } from "../../fan-out/seed.ts";
import { bundleSubjects, type Subject } from "../../fan-out/subjects.ts";
import { bundle, inTemporaryDirectory } from "../../harness/bundle.ts";
import { median, repeat } from "../../harness/measurement.ts";
import { ASSUMPTIONS } from "../assumptions.ts";

/** CPU time of warm functions, in milliseconds of a whole core. */
export interface FunctionCpu {
  /** Of a function without requests. */
  readonly invocation: number;
  readonly messageToOne: number;
  /** What a message takes in addition for each further recipient. */
  readonly recipient: number;
}

const LARGE = 1_000;
const WARM_UP_MESSAGES = 1_000;
const WARM_UP_ROUNDS = 10;
const ROUNDS = 60;

/** The time between two invocations. Without it, they take about half the CPU time. */
const REST_MILLISECONDS = 20;

/** Measures the deployed bundles in one process, in turn, so that other load on this machine affects all of them equally. */
export const measureCpu = (): Promise<FunctionCpu> =>
  inTemporaryDirectory(async (directory) => {
    const { host, subjects } = await bundleSubjects(directory);
    const [chat] = subjects.filter(({ name }) => name === "chat") as [Subject];
    const [echo] = await bundle({ folder: "handlers", entries: ["default"] }, directory);
    const services = await startBackingServices([1, LARGE]);
    const lambdaProcess = startLambdaProcess(host, services.variables);
    try {
      return await playRounds({ services, lambdaProcess, chat, echo });
    } finally {
      await lambdaProcess.stop();
      await services.stop();
    }
  });

interface Measured {
  readonly services: BackingServices;
  readonly lambdaProcess: LambdaProcess;
  readonly chat: Subject;
  readonly echo: string;
}

async function playRounds({ services, lambdaProcess, chat: subject, echo }: Measured): Promise<FunctionCpu> {
  const event = eventFor("default", { connectionId: "echo=", channel: "" });
  const sendTo = (size: number) => runMessage({ services, lambdaProcess, subject, size });
  const cpuOf = async (act: () => Promise<{ readonly cpuMilliseconds: number }>): Promise<number> => {
    await sleep(REST_MILLISECONDS);
    return (await act()).cpuMilliseconds;
  };
  await repeat(WARM_UP_MESSAGES, () => sendTo(1));
  const rounds = await repeat(WARM_UP_ROUNDS + ROUNDS, async () => ({
    invocation: await cpuOf(() => lambdaProcess.invoke({ bundle: echo, event, tableName: CHAT_TABLE })),
    one: await cpuOf(() => sendTo(1)),
    all: await cpuOf(() => sendTo(LARGE)),
  }));
  const measured = rounds.slice(WARM_UP_ROUNDS);
  const messageToOne = median(measured.map(({ one }) => one));
  return {
    invocation: median(measured.map(({ invocation }) => invocation)),
    messageToOne,
    recipient: (median(measured.map(({ all }) => all)) - messageToOne) / (LARGE - 1),
  };
}

/** Reads of the sender and of the members, and the write of the message. */
const REQUESTS = 3;

/** The same, as the simulation assumes it. */
export function assumedCpu({ invocation, request, push, member } = ASSUMPTIONS.cpu): FunctionCpu {
  const recipient = push + member;
  return { invocation, messageToOne: invocation + REQUESTS * request + recipient, recipient };
}
