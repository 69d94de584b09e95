/* Runs bundles like Lambda, in a separate process: one invocation at a time. It is bundled itself. */
import { pathToFileURL } from "node:url";

export interface Invocation {
  /** The path of the function's bundle. */
  readonly bundle: string;
  readonly event: unknown;
  readonly tableName: string;
  /** Reading the memory usage takes CPU, so an invocation measures one or the other. */
  readonly measuresMemory?: boolean;
}

export interface InvocationResult {
  readonly cpuMilliseconds: number;
  /** The peaks during the invocation; 0 if memory was not measured. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly result: { readonly statusCode?: number } | undefined;
}

const SAMPLE_MILLISECONDS = 10;
const TIMEOUT_MILLISECONDS = 60_000;

async function run({ bundle, event, tableName, measuresMemory = false }: Invocation): Promise<InvocationResult> {
  // A function reads its settings when it is loaded.
  process.env.TABLE_NAME = tableName;
  const { handler } = await import(pathToFileURL(bundle).href);
  const endSampling = measuresMemory ? sampleMemory() : () => ({ heapBytes: 0, residentBytes: 0 });
  const [startedAt, before] = [Date.now(), process.cpuUsage()];
  const context = {
    awsRequestId: "benchmark",
    getRemainingTimeInMillis: () => startedAt + TIMEOUT_MILLISECONDS - Date.now(),
  };
  const result = await handler(event, context);
  const { user, system } = process.cpuUsage(before);
  return { cpuMilliseconds: (user + system) / 1_000, ...endSampling(), result };
}

/** Returns a function that ends the sampling and returns the peaks. */
function sampleMemory(): () => Pick<InvocationResult, "heapBytes" | "residentBytes"> {
  const peak = { heapBytes: 0, residentBytes: 0 };
  const sample = () => {
    const { heapUsed, rss } = process.memoryUsage();
    peak.heapBytes = Math.max(peak.heapBytes, heapUsed);
    peak.residentBytes = Math.max(peak.residentBytes, rss);
  };
  const timer = setInterval(sample, SAMPLE_MILLISECONDS);
  return () => {
    clearInterval(timer);
    sample();
    return peak;
  };
}

process.on("message", (invocation: Invocation) => void run(invocation).then((result) => process.send?.(result)));
// The open connections of the function would keep the process running.
process.once("disconnect", () => process.exit());
