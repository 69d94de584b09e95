import { setTimeout as sleep } from "node:timers/promises";
import { startBackingServices } from "../../fan-out/backing-services.ts";
import { startLambdaProcess } from "../../fan-out/lambda-process.ts";
import { runMessage } from "../../fan-out/message-run.ts";
import { bundleSubjects } from "../../fan-out/subjects.ts";
import { inTemporaryDirectory } from "../../harness/bundle.ts";
import { median, repeat } from "../../harness/measurement.ts";

const WARM_UP_MESSAGES = 1_000;
const MESSAGES = 200;

/** As for the requests of probe-process.ts: after a pause, an invocation takes about twice the CPU time. */
const REST_MILLISECONDS = 20;

/** The CPU time of a warm message to one recipient, in milliseconds. */
export const cpuOfMessage = (): Promise<number> =>
  inTemporaryDirectory(async (directory) => {
    const { host, subjects } = await bundleSubjects(directory);
    const [subject] = subjects.filter(({ name }) => name === "chat");
    if (!subject) throw new Error("The fan-out benchmark has no subject named chat.");
    const services = await startBackingServices([1]);
    const lambdaProcess = startLambdaProcess(host, services.variables);
    try {
      const send = () => runMessage({ services, lambdaProcess, subject, size: 1 });
      await repeat(WARM_UP_MESSAGES, send);
      const runs = await repeat(MESSAGES, async () => {
        await sleep(REST_MILLISECONDS);
        return send();
      });
      return median(runs.map(({ cpuMilliseconds }) => cpuMilliseconds));
    } finally {
      await lambdaProcess.stop();
      await services.stop();
    }
  });
