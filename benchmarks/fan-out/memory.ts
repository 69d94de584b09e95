import { startLambdaProcess } from "./lambda-process.ts";
import { runMessage } from "./message-run.ts";
import type { Comparison } from "./rounds.ts";
import type { Subject } from "./subjects.ts";

/** The peak memory of a function that sends messages to audiences of one size, from its cold start. */
export interface Memory {
  readonly subject: Subject["name"];
  readonly size: number;
  readonly heapBytes: number;
  readonly residentBytes: number;
  /** The end of the standard error, if the function ran out of memory. */
  readonly death?: string;
}

interface MemoryOptions {
  readonly subject: Subject;
  readonly size: number;
  /** The least number of deliveries. The same for all sizes, because garbage grows with the number of deliveries. */
  readonly recipients: number;
}

/** Measures in a new process, because memory that was used for an earlier audience would count for this one. */
export async function measureMemory({ services, host }: Comparison, options: MemoryOptions): Promise<Memory> {
  const { subject, size, recipients } = options;
  const lambdaProcess = startLambdaProcess(host, services.variables);
  const peak = { subject: subject.name, size, heapBytes: 0, residentBytes: 0 };
  try {
    for (let delivered = 0; delivered < recipients; delivered += size) {
      const run = await runMessage({ services, lambdaProcess, subject, size, measuresMemory: true });
      peak.heapBytes = Math.max(peak.heapBytes, run.heapBytes);
      peak.residentBytes = Math.max(peak.residentBytes, run.residentBytes);
    }
    return peak;
  } catch (fault) {
    if (subject.name !== "textbook") throw fault;
    return { ...peak, death: (fault as Error).message };
  } finally {
    await lambdaProcess.stop();
  }
}
