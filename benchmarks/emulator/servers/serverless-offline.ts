import { type ChildProcess, execFile, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { cp, mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { endChild, type RunningServer, type Server } from "../../harness/child-process.ts";
import { connect } from "../../harness/sockets.ts";
import { bundleHandlers } from "../handler-bundles.ts";

const run = promisify(execFile);

const INSTALL_MILLISECONDS_MAX = 240_000;
const START_MILLISECONDS_MAX = 60_000;
const POLL_MILLISECONDS = 200;

/** Installs serverless-offline into a temporary directory, because it is not a dependency of this project. */
export async function installServerlessOffline(): Promise<Server> {
  const directory = await mkdtemp(join(tmpdir(), "benchmark-peer-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  await cp(fileURLToPath(new URL("../serverless-offline/", import.meta.url)), directory, { recursive: true });
  for (const [name, code] of await bundleHandlers()) await writeFile(join(directory, `${name}.mjs`), code);
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", args, { cwd: directory, timeout: INSTALL_MILLISECONDS_MAX });
  return { name: "serverless-offline", start: () => start(directory) };
}

async function start(directory: string): Promise<RunningServer> {
  const [websocketPort = 0, httpPort, lambdaPort] = await freePorts(3);
  const ports = [`--websocketPort=${websocketPort}`, `--httpPort=${httpPort}`, `--lambdaPort=${lambdaPort}`];
  const command = ["node_modules/serverless/bin/serverless.js", "offline", "start", "--useInProcess"];
  const child = spawn(process.execPath, [...command, "--host=127.0.0.1", ...ports], {
    cwd: directory,
    // It logs every message, which would slow it down on a terminal.
    stdio: "ignore",
    env: { ...process.env, MANAGEMENT_URL: `http://127.0.0.1:${websocketPort}`, SLS_TELEMETRY_DISABLED: "1" },
  });
  killOnExit(child);
  const url = `ws://127.0.0.1:${websocketPort}`;
  try {
    await untilConnected(url, child);
  } catch (fault) {
    await endChild(child);
    throw fault;
  }
  return { url, stop: () => endChild(child) };
}

/** Has no IPC channel, so it does not notice that this process exits. */
function killOnExit(child: ChildProcess): void {
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
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

/** Opens all ports at the same time, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address === "object" && address) ports.push(address.port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
