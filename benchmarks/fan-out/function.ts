/* Plays Lambda for bundles in a process of its own: one event at a time. Tells what each took. Runs as a bundle itself. */
import { pathToFileURL } from "node:url";

/** An event for one of the bundles. */
export interface Call {
  /** The path of a bundle. */
  readonly bundle: string;
  readonly event: unknown;
  readonly tableName: string;
  /** Looking at memory takes CPU, so only one of both can be measured. */
  readonly watchesMemory?: boolean;
}

/** What a call took of this process. */
export interface Took {
  readonly cpuMilliseconds: number;
  /** At most, while it ran, where it was watched. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly result: { readonly statusCode?: number } | undefined;
}

const SAMPLE_MILLISECONDS = 10;
const TIMEOUT_MILLISECONDS = 60_000;

async function run({ bundle, event, tableName, watchesMemory = false }: Call): Promise<Took> {
  // A function reads its settings when it is loaded.
  process.env.TABLE_NAME = tableName;
  const { handler } = await import(pathToFileURL(bundle).href);
  const peak = watchesMemory ? watchMemory() : () => ({ heapBytes: 0, residentBytes: 0 });
  const [begunAt, before] = [Date.now(), process.cpuUsage()];
  const context = {
    awsRequestId: "benchmark",
    getRemainingTimeInMillis: () => begunAt + TIMEOUT_MILLISECONDS - Date.now(),
  };
  const result = await handler(event, context);
  const { user, system } = process.cpuUsage(before);
  return { cpuMilliseconds: (user + system) / 1_000, ...peak(), result };
}

/** Gives a function that ends the watch and gives the peaks. */
function watchMemory(): () => Pick<Took, "heapBytes" | "residentBytes"> {
  const peak = { heapBytes: 0, residentBytes: 0 };
  const look = () => {
    const { heapUsed, rss } = process.memoryUsage();
    peak.heapBytes = Math.max(peak.heapBytes, heapUsed);
    peak.residentBytes = Math.max(peak.residentBytes, rss);
  };
  const timer = setInterval(look, SAMPLE_MILLISECONDS);
  return () => {
    clearInterval(timer);
    look();
    return peak;
  };
}

process.on("message", (call: Call) => void run(call).then((took) => process.send?.(took)));
// Its connections would keep it up.
process.once("disconnect", () => process.exit());
