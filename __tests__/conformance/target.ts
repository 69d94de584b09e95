import { execFileSync } from "node:child_process";
import { once as nextEvent } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Emulator, start } from "@serverless-chat/emulator";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { App } from "cdktf";
import { stackName } from "../../infra/names.ts";
import { afterTests } from "../support/setup.ts";
import { environmentOf } from "./fixture/fixture-environment.ts";
import { addFixture } from "./fixture/probe-stack.ts";
import type { StackName } from "./fixture/stacks.ts";

/** The URLs of a stage of the fixture. */
export interface Address {
  /** The WebSocket URL. */
  readonly url: string;
  /** The URL before `/@connections`. */
  readonly managementUrl: string;
}

const { TARGET, LONG } = process.env;

export const isAws = TARGET !== undefined;

/** Allows tests that take ten minutes or more. */
export const isLong = LONG !== undefined;

/** The addresses of another engine by stack. A single URL is that of the main stack. */
const engine = engineIn(TARGET);

function engineIn(target: string | undefined): Readonly<Partial<Record<StackName, Address>>> | undefined {
  if (target === undefined || target === "aws") return undefined;
  if (target.endsWith(".json")) return JSON.parse(readFileSync(target, "utf8"));
  return { main: { url: target, managementUrl: target.replace(/^ws/, "http") } };
}

export const isTested = (stack: StackName): boolean => engine === undefined || engine[stack] !== undefined;

const cached = new Map<string, Promise<unknown>>();
const emulators: Emulator[] = [];

const SYNTH = "synth";

/** Makes a value at the first call, and returns the same one later. */
function once<Made>(key: string, make: () => Promise<Made>): Promise<Made> {
  const made = cached.get(key) ?? make();
  cached.set(key, made);
  return made as Promise<Made>;
}

afterTests(async () => {
  for (const emulator of emulators.splice(0)) await emulator.stop();
  for (const key of [...cached.keys()].filter((key) => key !== SYNTH)) cached.delete(key);
});

/** Returns the stage of a stack, deployed or emulated. The first call starts it. */
export async function addressOf(stack: StackName): Promise<Address> {
  const address = engine?.[stack];
  if (address) {
    await untilReachable(address);
    return address;
  }
  return once(stack, async () => (TARGET === "aws" ? outputsOf(stack) : startEmulator(stack)));
}

const RESTART_MILLISECONDS_MAX = 30_000;

/** Waits for an engine that restarts after a crash, so that only the test that caused it fails. */
async function untilReachable({ url }: Address): Promise<void> {
  const { hostname, port } = new URL(url);
  for (const end = Date.now() + RESTART_MILLISECONDS_MAX; Date.now() < end; await sleep(100)) {
    if (await accepts(Number(port || 443), hostname)) return;
  }
}

/** Whether a server accepts connections. */
export async function accepts(port: number, hostname: string): Promise<boolean> {
  const socket = connect(port, hostname);
  try {
    await nextEvent(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Emulates a stack with the options of a test. */
export async function startEmulator(stack: StackName, options: object = {}): Promise<Emulator> {
  const stackDirectory = join(await once(SYNTH, synthesize), "stacks", stackName(environmentOf(stack)));
  const emulator = await start({ stackDirectory, ...options });
  emulators.push(emulator);
  return emulator;
}

async function synthesize(): Promise<string> {
  const app = new App({ outdir: temporaryDirectory() });
  addFixture(app);
  app.synth();
  return app.outdir;
}

/** The outputs of the deployed stack. */
function outputsOf(stack: StackName): Address {
  const folder = fileURLToPath(new URL(`cdktf.out/stacks/${stackName(environmentOf(stack))}`, import.meta.url));
  const outputs = JSON.parse(execFileSync("terraform", ["output", "-json"], { cwd: folder, encoding: "utf8" }));
  return { url: outputs.websocket_url.value, managementUrl: outputs.management_endpoint.value };
}
