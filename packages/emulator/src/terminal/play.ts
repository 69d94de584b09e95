import type { RequestListener } from "node:http";
import type { LogEntry } from "../lambda/log.ts";
import { type Emulator, type EmulatorOptions, start } from "../start.ts";
import type { Stack } from "../terraform/stack.ts";
import type { PlayFlags } from "./flags.ts";
import { lineWriter, logLine, surviveClosedOutput } from "./output.ts";
import { readSession, recordTo, replaySession } from "./session.ts";
import type { Watch } from "./watch-stack.ts";

export interface PlayOptions extends PlayFlags, Pick<EmulatorOptions, "archiveOf"> {
  /** Follows changes while the stack runs; default: the stack does not change. */
  readonly watch?: Watch | undefined;
  /** The frame that the greeting suggests; default: one that selects a route of the stack. */
  readonly say?: string;
  /** The commands that the greeting suggests for an address; default: `npx wscat`. */
  readonly tryWith?: (url: string) => Promise<readonly string[]>;
  /** The name of a schedule to invoke once at the start. */
  readonly fire?: string | undefined;
  /** Answers HTTP requests outside the stage, such as those for a page. The greeting begins with its address. */
  readonly serveElsewhere?: RequestListener | undefined;
  /** Called when the greeting has been printed. */
  readonly onGreeted?: () => void;
}

/** Runs the stack in a folder until the process is interrupted. Prints how to use it. */
export async function play(stackDirectory: string, options: PlayOptions): Promise<void> {
  const { data, dynamodb, accessLog, serveElsewhere, record, replay, replayIds, ...flags } = options;
  surviveClosedOutput();
  const session = replay === undefined ? undefined : readSession(replay);
  const recording = record === undefined ? undefined : recordTo(record);
  // Must come before the greeting, because a user or test can send a signal as soon as the greeting is visible.
  const interruption = interrupted();
  const starting = new AbortController();
  void interruption.then(() => starting.abort());
  const emulator = await start({
    signal: starting.signal,
    ...flags,
    ...(serveElsewhere && { serveElsewhere }),
    stackDirectory,
    dataDirectory: data,
    dynamodbEndpoint: dynamodb,
    log: printLog,
    inspector: true,
    ...(recording && { observe: recording.observe }),
    ...(accessLog !== undefined && { logAccess: lineWriter(accessLog) }),
  }).catch((fault) => {
    if (!starting.signal.aborted) throw fault;
  });
  if (!emulator) return;
  try {
    if (session !== undefined) {
      const replayed = replaySession(emulator, session, replayIds);
      return await Promise.race([replayed, interruption, emulator.broken]);
    }
    const commands = (await options.tryWith?.(emulator.url)) ?? [`npx wscat -c ${emulator.url}`];
    console.log(greeting(emulator, { ...options, commands }));
    options.onGreeted?.();
    if (options.fire !== undefined) invokeSchedule(emulator, options.fire);
    const stopWatching = options.watch?.(emulator, {
      info: (message) => printLog(entryOf("INFO", message)),
      error: (message) => printLog(entryOf("ERROR", message)),
    });
    await Promise.race([interruption, emulator.broken]);
    stopWatching?.();
  } finally {
    recording?.stop();
    await emulator.stop();
  }
}

function invokeSchedule({ schedules }: Emulator, name: string): void {
  const invoke = schedules.get(name);
  if (invoke) return void invoke();
  const known = [...schedules.keys()].join(", ") || "none";
  throw new Error(`The stack has no schedule ${name}. Its schedules are: ${known}.`);
}

/**
 * SIGHUP arrives when the terminal is closed. Trap: after Ctrl-C, both the terminal and npm send SIGINT. The second
 * signal must not stop the shutdown.
 */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
  });

interface Greeting extends PlayOptions {
  readonly commands: readonly string[];
}

const greeting = ({ stack, url, managementUrl, ...rest }: Emulator, options: Greeting): string => `
${stack.name} is up.

${pageLine(url, options)}${commandLines(options.commands)}
  WebSocket      ${url}
  Say            ${options.say ?? sampleFrame(stack)}
  @connections   ${managementUrl}/@connections/{connectionId}
  Services (AWS) ${rest.endpointUrl}
${functionUrlLines(rest)}  Inspect        ${rest.inspectorUrl ?? "not available, because the stage is named _inspect"}
  Store          ${rest.store}
${watchLine(options)}${debugLine(rest)}${notPlayedLine(stack)}${warningLines(stack)}${notCheckedLine(options)}  Stop           Ctrl-C
`;

const pageLine = (url: string, { serveElsewhere }: Greeting): string =>
  serveElsewhere ? `  Open           http://${new URL(url).host}/\n` : "";

const commandLines = (commands: readonly string[]): string =>
  commands.map((command, index) => `  ${(index === 0 ? "Try" : "Or").padEnd(15)}${command}`).join("\n");

const functionUrlLines = ({ functionUrls }: Pick<Emulator, "functionUrls">): string =>
  [...functionUrls].map(([name, address]) => `  Function URL   ${address} of ${name}\n`).join("");

const watchLine = ({ watch }: Greeting): string =>
  watch ? "  Watch          changed code and Terraform are applied while connections stay open\n" : "";

const debugLine = ({ inspectPort }: Pick<Emulator, "inspectPort">): string =>
  inspectPort === undefined
    ? ""
    : `  Debug          attach to 127.0.0.1:${inspectPort}, or open chrome://inspect; functions have no timeouts\n`;

const notPlayedLine = ({ notPlayed }: Stack): string =>
  notPlayed.length > 0 ? `  Not played     ${notPlayed.join(", ")}\n` : "";

const warningLines = ({ warnings }: Stack): string =>
  warnings.map((warning) => `  Warning        ${warning}\n`).join("");

function notCheckedLine({ iam, throttle }: PlayOptions): string {
  const off = [!iam && "signatures, policies, permissions", !throttle && "throttle"].filter(Boolean);
  return off.length > 0 ? `  Not checked    ${off.join(", ")}\n` : "";
}

const TOP_LEVEL_KEY = /^\$(?:\{request\.body\.([\w-]+)\}|request\.body\.([\w-]+))$/;

/** A frame that selects a custom route of the stack; any text if the selection expression is not a top-level key. */
function sampleFrame({ stage, routes }: Stack): string {
  const [, braced, plain] = TOP_LEVEL_KEY.exec(stage.routeSelectionExpression) ?? [];
  const name = braced ?? plain;
  const route = routes.find(({ key }) => !key.startsWith("$"));
  return name && route ? JSON.stringify({ [name]: route.key }) : "Hello, world!";
}

const entryOf = (level: LogEntry["level"], message: string): LogEntry => ({
  source: "emulator",
  timestamp: new Date().toISOString(),
  level,
  requestId: undefined,
  message,
});

const printLog = (entry: LogEntry): void => console.log(logLine(entry));
