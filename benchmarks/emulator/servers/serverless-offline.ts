import { type ChildProcess, execFile, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { cp, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { endChild, freePorts, killOnExit, type RunningServer } from "../../harness/child-process.ts";
import { connect } from "../../harness/sockets.ts";
import { bundleHandlers } from "../handler-bundles.ts";
import type { MeasuredServer } from "../rounds.ts";
import type { RunningTool } from "../tool.ts";

const execute = promisify(execFile);
const decoder = new TextDecoder();

const INSTALL_MILLISECONDS_MAX = 240_000;
const START_MILLISECONDS_MAX = 60_000;
const POLL_MILLISECONDS = 200;

/** Installs serverless-offline into a temporary directory, because it is not a dependency of this project. */
export async function installServerlessOffline(): Promise<MeasuredServer> {
  const directory = await mkdtemp(join(tmpdir(), "benchmark-peer-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  await cp(fileURLToPath(new URL("../serverless-offline/", import.meta.url)), directory, { recursive: true });
  for (const [name, code] of await bundleHandlers()) await writeFile(join(directory, `${name}.mjs`), code);
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];
  await execute("npm", args, { cwd: directory, timeout: INSTALL_MILLISECONDS_MAX });
  return {
    name: "serverless-offline",
    start: () => start(directory),
    tool: { run: (options) => runTool(directory, options) },
  };
}

/** Runs the handlers in its own process, which is faster than in threads. */
const IN_PROCESS = "--useInProcess";

async function start(directory: string): Promise<RunningServer> {
  const { url, child } = await run(directory, [IN_PROCESS]);
  try {
    await untilConnected(url, child);
  } catch (fault) {
    await endChild(child);
    throw fault;
  }
  return { url, stop: () => endChild(child) };
}

/** Only threads can load changed code. */
async function runTool(directory: string, { reloads }: { readonly reloads: boolean }): Promise<RunningTool> {
  const saveEcho = (code: string) => writeFile(join(directory, "echo.mjs"), code);
  await saveEcho(decoder.decode((await bundleHandlers()).get("echo")));
  return { ...(await run(directory, [reloads ? "--reloadHandler" : IN_PROCESS])), saveEcho };
}

async function run(directory: string, flags: readonly string[]): Promise<Pick<RunningTool, "url" | "child">> {
  const [websocketPort = 0, httpPort, lambdaPort] = await freePorts(3);
  const ports = [`--websocketPort=${websocketPort}`, `--httpPort=${httpPort}`, `--lambdaPort=${lambdaPort}`];
  const command = ["node_modules/serverless/bin/serverless.js", "offline", "start", ...flags];
  const child = spawn(process.execPath, [...command, "--host=127.0.0.1", ...ports], {
    cwd: directory,
    // It logs every message, which would slow it down on a terminal.
    stdio: "ignore",
    env: { ...process.env, MANAGEMENT_URL: `http://127.0.0.1:${websocketPort}`, SLS_TELEMETRY_DISABLED: "1" },
  });
  killOnExit(child);
  return { url: `ws://127.0.0.1:${websocketPort}`, child };
}

/** It has no machine-readable signal that it is ready. */
async function untilConnected(url: string, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + START_MILLISECONDS_MAX; Date.now() < end; await sleep(POLL_MILLISECONDS)) {
    if (child.exitCode !== null)
      throw new Error(`serverless-offline exited with ${child.exitCode} before it accepted connections.`);
    const socket = await connect(url).catch(() => undefined);
    if (socket) return socket.close();
  }
  throw new Error(`serverless-offline did not start within ${START_MILLISECONDS_MAX / 1_000} seconds.`);
}
