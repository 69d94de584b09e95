import { type ChildProcess, execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import { endChild } from "../harness/child-process.ts";
import { median, repeat, timed } from "../harness/measurement.ts";
import { closeAll, connect, connectMany, exchange } from "../harness/sockets.ts";

/** A tool as a developer runs it, with its own command. */
export interface Tool {
  /** Runs the command. `reloads`: with the option that applies changed code. */
  run(options: { readonly reloads: boolean }): Promise<RunningTool>;
}

export interface RunningTool {
  readonly url: string;
  readonly child: ChildProcess;
  /** Replaces the code of the function that echoes. */
  saveEcho(code: string): Promise<void>;
}

/** What a developer notices. */
export interface ToolFigures {
  /** From the command to the first answer. */
  readonly startMilliseconds: number;
  /** From a saved file to the first answer of its code. */
  readonly reloadMilliseconds: number;
  readonly idleMegabytes: number;
  readonly connectedMegabytes: number;
}

const START_MILLISECONDS_MAX = 60_000;
const RELOAD_MILLISECONDS_MAX = 20_000;
const POLL_MILLISECONDS = 5;
const SETTLE_MILLISECONDS = 1_000;
const SOCKETS = 1_000;
const RELOADS = 5;

export async function measureTool(tool: Tool): Promise<ToolFigures> {
  const { running, startMilliseconds } = await started(tool, { reloads: false });
  try {
    await sleep(SETTLE_MILLISECONDS);
    const idleMegabytes = residentMegabytes(running.child);
    const sockets = await connectMany(running.url, SOCKETS);
    await sleep(SETTLE_MILLISECONDS);
    const connectedMegabytes = residentMegabytes(running.child);
    await closeAll(sockets);
    return { startMilliseconds, idleMegabytes, connectedMegabytes, reloadMilliseconds: await measureReloads(tool) };
  } finally {
    await endChild(running.child);
  }
}

async function started(tool: Tool, options: { readonly reloads: boolean }) {
  let running: RunningTool | undefined;
  const startMilliseconds = await timed(async () => {
    running = await tool.run(options);
    await closeAll([await firstAnswer(running)]);
  });
  return { running: running as RunningTool, startMilliseconds };
}

/** Returns the socket that received it. */
async function firstAnswer({ url, child }: RunningTool): Promise<WebSocket> {
  for (const end = Date.now() + START_MILLISECONDS_MAX; Date.now() < end; await sleep(POLL_MILLISECONDS)) {
    if (child.exitCode !== null) throw new Error(`The command exited with ${child.exitCode} before it answered.`);
    const socket = await connect(url).catch(() => undefined);
    if (!socket) continue;
    await exchange(socket, "hello");
    return socket;
  }
  throw new Error(`The command did not answer within ${START_MILLISECONDS_MAX / 1_000} seconds.`);
}

async function measureReloads(tool: Tool): Promise<number> {
  const { running } = await started(tool, { reloads: true });
  try {
    const socket = await firstAnswer(running);
    const all = await repeat(RELOADS, async (version) => {
      await sleep(SETTLE_MILLISECONDS);
      return timed(() => reload(running, socket, `version ${version}: `));
    });
    await closeAll([socket]);
    return median(all);
  } finally {
    await endChild(running.child);
  }
}

async function reload(running: RunningTool, socket: WebSocket, prefix: string): Promise<void> {
  const body = `${JSON.stringify(prefix)} + body`;
  await running.saveEcho(`export const handler = async ({ body }) => ({ statusCode: 200, body: ${body} });\n`);
  for (const end = Date.now() + RELOAD_MILLISECONDS_MAX; Date.now() < end; await sleep(POLL_MILLISECONDS)) {
    if ((await exchange(socket, "hello")).startsWith(prefix)) return;
  }
  throw new Error(`No answer came from the changed code within ${RELOAD_MILLISECONDS_MAX / 1_000} seconds.`);
}

/** The memory of a process and its children. */
function residentMegabytes({ pid = 0 }: ChildProcess): number {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,rss="], { encoding: "utf8" });
  const rows = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const kilobytesOf = (parent: number): number =>
    rows
      .filter(([id, parentId]) => id === parent || parentId === parent)
      .reduce((sum, [id = 0, , kilobytes = 0]) => sum + (id === parent ? kilobytes : kilobytesOf(id)), 0);
  return kilobytesOf(pid) / 1_024;
}
