/*
 * Cold-starts one function in a separate process, and measures how long that takes. It is bundled itself. The first
 * message is the path of a bundle, which it loads. The second is the first event.
 */
import module from "node:module";
import { pathToFileURL } from "node:url";

export interface LoadTimes {
  readonly loadMilliseconds: number;
  readonly loadCpuMilliseconds: number;
}

export interface CallResult {
  readonly callMilliseconds: number;
  readonly callCpuMilliseconds: number;
  readonly result: { readonly statusCode?: number; readonly body?: string } | null;
}

type Handler = (event: unknown, context: object) => Promise<CallResult["result"] | undefined>;

const TIMEOUT_MILLISECONDS = 25_000;

let handler: Handler;

async function load(bundle: string): Promise<LoadTimes> {
  const end = stopwatch();
  ({ handler } = await moduleIn(bundle));
  const { milliseconds, cpuMilliseconds } = end();
  return { loadMilliseconds: milliseconds, loadCpuMilliseconds: cpuMilliseconds };
}

async function call(event: unknown): Promise<CallResult> {
  const context = { awsRequestId: "benchmark", getRemainingTimeInMillis: () => TIMEOUT_MILLISECONDS };
  const end = stopwatch();
  const result = (await handler(event, context)) ?? null;
  const { milliseconds, cpuMilliseconds } = end();
  return { callMilliseconds: milliseconds, callCpuMilliseconds: cpuMilliseconds, result };
}

function stopwatch() {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const milliseconds = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(before);
    return { milliseconds, cpuMilliseconds: (user + system) / 1_000 };
  };
}

/** Like Lambda, chooses the module system by the file extension. */
const moduleIn = (bundle: string) =>
  bundle.endsWith(".mjs") ? import(pathToFileURL(bundle).href) : module.createRequire(import.meta.url)(bundle);

process.on("message", async (message) => {
  process.send?.(typeof message === "string" ? await load(message) : await call(message));
});
// The open connections of the function would keep the process running.
process.once("disconnect", () => process.exit());
