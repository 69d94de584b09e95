/* Starts one bundle cold, in a process of its own, and tells how long that took. Runs as a bundle itself. */
import module from "node:module";
import { pathToFileURL } from "node:url";

/** Which bundle, and the first event for it. */
export interface Cold {
  readonly bundle: string;
  readonly event: unknown;
}

export interface Started {
  readonly loadMilliseconds: number;
  readonly loadCpuMilliseconds: number;
  readonly callMilliseconds: number;
  readonly result: { readonly statusCode?: number; readonly body?: string } | null;
}

const TIMEOUT_MILLISECONDS = 25_000;

async function start({ bundle, event }: Cold): Promise<Started> {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const { handler } = await load(bundle);
  const loaded = performance.now();
  const { user, system } = process.cpuUsage(before);
  const context = { awsRequestId: "benchmark", getRemainingTimeInMillis: () => TIMEOUT_MILLISECONDS };
  const result = (await handler(event, context)) ?? null;
  return {
    loadMilliseconds: loaded - begun,
    loadCpuMilliseconds: (user + system) / 1_000,
    callMilliseconds: performance.now() - loaded,
    result,
  };
}

/** As Lambda does, by the ending. */
const load = (bundle: string) =>
  bundle.endsWith(".mjs") ? import(pathToFileURL(bundle).href) : module.createRequire(import.meta.url)(bundle);

process.once("message", (cold: Cold) => void start(cold).then((started) => process.send?.(started)));
// Its connections would keep it up.
process.once("disconnect", () => process.exit());
