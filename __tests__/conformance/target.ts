import { execFileSync } from "node:child_process";
import { join } from "node:path";
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

/** A single URL is that of the main stack. The other stacks are then not tested. */
export const isTested = (stack: StackName): boolean => stack === "main" || TARGET === undefined || TARGET === "aws";

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
export const addressOf = (stack: StackName): Promise<Address> =>
  once(stack, async () => {
    if (TARGET === "aws") return outputsOf(stack);
    if (TARGET) return { url: TARGET, managementUrl: TARGET.replace(/^ws/, "http") };
    return startEmulator(stack);
  });

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
