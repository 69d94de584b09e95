import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { LogEntry } from "../emulator/lambda/log.ts";
import { type Emulator, start } from "../emulator/start.ts";

const SYNTHESIZED = "cdktf.out";

const HELP = `Plays the stack on this machine: synthesizes it, bundles the handlers, starts the emulator.

  npm start -- [flags]

  --port N         where clients connect; 0 for any free port (3001)
  --stack NAME     which stack, where there are several (the first)
  --data DIR       keep the table in DIR from one run to the next (in memory)
  --dynamodb URL   keep the table in a DynamoDB that runs already
  --help           this text`;

async function main(): Promise<void> {
  const flags = readFlags();
  if (flags.help) return console.log(HELP);
  await synthesize();
  const stack = await chooseStack(flags.stack);
  const emulator = await start({
    stackDirectory: join(SYNTHESIZED, "stacks", stack),
    port: flags.port,
    dataDirectory: flags.data,
    dynamodbEndpoint: flags.dynamodb,
    log: printLog,
  });
  // Before the greeting: who reads it may interrupt at once.
  const interruption = interrupted();
  console.log(greeting(stack, emulator));
  await Promise.race([interruption, emulator.broken]).finally(emulator.stop);
}

/** Trap: at Ctrl-C the terminal interrupts this process, and npm does once more. The second must not end it halfway. */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => resolve());
  });

function readFlags() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "3001" },
      stack: { type: "string" },
      data: { type: "string" },
      dynamodb: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port is "${values.port}"; it must be a number from 0 to 65535.`);
  }
  if (values.dynamodb !== undefined && !URL.canParse(values.dynamodb)) {
    throw new Error(`--dynamodb is "${values.dynamodb}"; it must be a URL such as http://localhost:8000.`);
  }
  return { ...values, port };
}

/** In this process, and not by the cdktf command, which takes seconds to load. */
async function synthesize(): Promise<void> {
  try {
    await import("../main.ts");
  } catch (fault) {
    throw new Error(`The stack could not be synthesized. ${(fault as Error).message}`, { cause: fault });
  }
}

async function chooseStack(wanted: string | undefined): Promise<string> {
  const manifest = JSON.parse(await readFile(join(SYNTHESIZED, "manifest.json"), "utf8"));
  const names = Object.keys(manifest.stacks);
  const chosen = wanted ?? names[0];
  if (chosen !== undefined && names.includes(chosen)) return chosen;
  throw new Error(`There is no stack "${chosen}". Choose one of ${names.join(", ")}.`);
}

const greeting = (stack: string, { url, managementUrl, store }: Emulator): string => `
${stack} is up.

  WebSocket      ${url}
  Try            npx wscat -c ${url}
  Say            {"message":"sendmessage", "data":"hello world"}
  @connections   ${managementUrl}/@connections/{connectionId}
  Store          ${store}
  Stop           Ctrl-C
`;

function printLog({ timestamp, level, functionName, message }: LogEntry): void {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  console.log(`${timestamp.slice(11, 19)} ${level.padEnd(5)} ${functionName} ${text}`);
}

// The SDK warns of Node versions that it will leave. What is deployed runs on Lambda's Node, not on this machine's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

try {
  await main();
} catch (fault) {
  console.error((fault as Error).message.replaceAll(/\s*\n\s*/g, " "));
  process.exitCode = 1;
}
