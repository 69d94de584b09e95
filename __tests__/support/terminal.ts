import { type ChildProcessByStdio, spawn } from "node:child_process";
import { on, once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

export type Child = ChildProcessByStdio<null, Readable, Readable>;

/** The flags with which Node.js runs the project's scripts: TypeScript, and the sources of the packages instead of their builds. */
export const NODE_FLAGS = ["--conditions=@serverless-chat/source", "--import", "tsx"] as const;

/** What is run: a script of the project's, without npm, in a folder. */
export interface Command {
  readonly cwd: string;
  readonly script: string;
  /** The test's own where nothing else is said. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a command. */
export const spawnCommand = ({ cwd, script, env = process.env }: Command, flags: readonly string[]): Child =>
  spawn(process.execPath, [...NODE_FLAGS, script, ...flags], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });

/** Runs a command to its end. */
export async function run(
  command: Command,
  ...flags: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawnCommand(command, flags);
  const [[code], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr: stderr.trim() };
}

/** Runs a command to its end, with a text for its input. */
export async function piped(
  { cwd, script }: Command,
  { input, flags }: { readonly input: string; readonly flags: readonly string[] },
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [...NODE_FLAGS, script, ...flags], { cwd, stdio: "pipe" });
  child.stdin.end(input);
  const [[code], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

export interface Started {
  readonly child: Child;
  readonly url: string;
  /** The greeting. */
  readonly printed: string;
  /** All that it has printed, once it has ended. */
  readonly output: Promise<string>;
}

/** Starts a command that plays a stack, on any free port, and waits until it is up. */
export async function startUp(command: Command, ...flags: string[]): Promise<Started> {
  const child = spawnCommand(command, ["--port", "0", ...flags]);
  const output = text(child.stdout);
  const printed = await greetingOf(child);
  return { child, printed, output, url: firstAddress(printed) };
}

/** The output up to the line that explains how to stop it. */
export async function greetingOf(child: Child): Promise<string> {
  child.stderr.pipe(process.stderr);
  let printed = "";
  for await (const [data] of on(child.stdout, "data", { close: ["end"] })) {
    printed += data;
    if (printed.includes("Ctrl-C")) return printed;
  }
  throw new Error(`It ended without a greeting. It printed:\n${printed}`);
}

/** The address for WebSocket clients in a greeting. */
export const firstAddress = (printed: string): string => /WebSocket +(ws:\S+)/.exec(printed)?.[1] ?? "";

/** Sends a signal, and returns the exit code. */
export async function stopped(child: Child, signal: NodeJS.Signals): Promise<number> {
  const exit = once(child, "exit");
  child.kill(signal);
  return (await exit)[0];
}
