import { appendFileSync } from "node:fs";
import type { LogEntry } from "../lambda/log.ts";
import { type Emulator, start } from "../start.ts";
import type { Stack } from "../terraform/stack.ts";
import type { PlayFlags } from "./flags.ts";
import { sampleFrame } from "./sample-frame.ts";

export interface PlayOptions extends PlayFlags {
  /** A frame to try; one that selects some route when not given. */
  readonly say?: string;
  /** Commands that connect, given the stage's address; one when not given. */
  readonly tryWith?: (url: string) => Promise<readonly string[]>;
}

/** Plays a folder with a stack until it is interrupted, and tells the terminal how to use it. */
export async function play(stackDirectory: string, options: PlayOptions): Promise<void> {
  const { data, dynamodb, accessLog, ...flags } = options;
  const emulator = await start({
    ...flags,
    stackDirectory,
    dataDirectory: data,
    dynamodbEndpoint: dynamodb,
    log: printLog,
    ...(accessLog !== undefined && { logAccess: (line: string) => appendFileSync(accessLog, `${line}\n`) }),
  });
  // Before the greeting: who reads it may interrupt at once.
  const interruption = interrupted();
  const commands = (await options.tryWith?.(emulator.url)) ?? [`npx wscat -c ${emulator.url}`];
  console.log(greeting(emulator, { ...options, commands }));
  await Promise.race([interruption, emulator.broken]).finally(emulator.stop);
}

/** Trap: at Ctrl-C the terminal interrupts this process, and npm does once more. The second must not end it halfway. */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => resolve());
  });

interface Greeting extends PlayOptions {
  readonly commands: readonly string[];
}

const greeting = ({ stack, url, managementUrl, store }: Emulator, options: Greeting): string => `
${stack.name} is up.

  WebSocket      ${url}
${triesOf(options.commands)}
  Say            ${options.say ?? sampleFrame(stack)}
  @connections   ${managementUrl}/@connections/{connectionId}
  Store          ${store}
${notPlayedOf(stack)}${offOf(options)}  Stop           Ctrl-C
`;

const triesOf = (commands: readonly string[]): string =>
  commands.map((command, index) => `  ${(index === 0 ? "Try" : "Or").padEnd(15)}${command}`).join("\n");

const notPlayedOf = ({ notPlayed }: Stack): string =>
  notPlayed.length > 0 ? `  Not played     ${notPlayed.join(", ")}\n` : "";

function offOf({ iam, throttle }: PlayOptions): string {
  const off = [!iam && "signatures, policies, permissions", !throttle && "throttle"].filter(Boolean);
  return off.length > 0 ? `  Not checked    ${off.join(", ")}\n` : "";
}

function printLog({ timestamp, level, source, message }: LogEntry): void {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  console.log(`${timestamp.slice(11, 19)} ${level.padEnd(5)} ${source} ${text}`);
}
