/* Cold-starts one function in a process of its own, and measures how long that takes. It is bundled itself. */
import module from "node:module";
import { pathToFileURL } from "node:url";

export interface ColdStartRequest {
  readonly bundle: string;
  /** The first event. */
  readonly event: unknown;
}

export interface ColdStartResult {
  readonly loadMilliseconds: number;
  readonly loadCpuMilliseconds: number;
  readonly callMilliseconds: number;
  readonly result: { readonly statusCode?: number; readonly body?: string } | null;
}

const TIMEOUT_MILLISECONDS = 25_000;

async function start({ bundle, event }: ColdStartRequest): Promise<ColdStartResult> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const { handler } = await load(bundle);
  const loaded = performance.now();
  const { user, system } = process.cpuUsage(before);
  const context = { awsRequestId: "benchmark", getRemainingTimeInMillis: () => TIMEOUT_MILLISECONDS };
  const result = (await handler(event, context)) ?? null;
  return {
    loadMilliseconds: loaded - startedAt,
    loadCpuMilliseconds: (user + system) / 1_000,
    callMilliseconds: performance.now() - loaded,
    result,
  };
}

/** Like Lambda, chooses the module system by the file extension. */
const load = (bundle: string) =>
  bundle.endsWith(".mjs") ? import(pathToFileURL(bundle).href) : module.createRequire(import.meta.url)(bundle);

process.once("message", (request: ColdStartRequest) => void start(request).then((result) => process.send?.(result)));
// The open connections of the function would keep the process running.
process.once("disconnect", () => process.exit());
