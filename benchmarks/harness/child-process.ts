import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

interface ChildOptions {
  /** The path of the Node.js to run. Default: that of this process. */
  readonly node?: string;
  /** The flags of Node.js. Default: those of this process. */
  readonly flags?: readonly string[];
  /** The environment variables. Default: those of this process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Keeps its standard error off the terminal. */
  readonly isQuiet?: boolean;
}

/** Starts a module in a separate process. */
export const startChild = (module: URL, args: readonly string[] = [], options: ChildOptions = {}): ChildProcess =>
  fork(fileURLToPath(module), args, {
    stdio: ["ignore", "ignore", options.isQuiet ? "pipe" : "inherit", "ipc"],
    execPath: options.node ?? process.execPath,
    execArgv: [...(options.flags ?? process.execArgv)],
    env: { ...(options.variables ?? process.env), AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  });

/** Sends a request to a process and returns its response. */
export function request<Response>(child: ChildProcess, message: unknown, secondsMax = 120): Promise<Response> {
  const response = firstMessage<Response>(child, secondsMax);
  child.send(message as string);
  return response;
}

/** Returns the next message of a process. Rejects if it exits first, or on a timeout, which kills it. */
export async function firstMessage<Message>(child: ChildProcess, secondsMax: number): Promise<Message> {
  const isOver = new AbortController();
  const signal = AbortSignal.any([isOver.signal, AbortSignal.timeout(secondsMax * 1_000)]);
  const exited = once(child, "exit", { signal }).then(([code, reason]) => {
    throw new Error(`The process ${nameOf(child)} exited with ${code ?? reason} before it sent a message.`);
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), exited]);
    return message;
  } catch (fault) {
    child.kill("SIGKILL");
    throw fault;
  } finally {
    isOver.abort();
    await exited.catch(() => undefined);
  }
}

const nameOf = ({ spawnargs }: ChildProcess): string =>
  basename(spawnargs.find((argument) => /\.m?[jt]s$/.test(argument)) ?? "without a script");

const TERMINATION_MILLISECONDS_MAX = 5_000;

/** Terminates a process that this one started, and waits until it has exited. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timeout = setTimeout(() => child.kill("SIGKILL"), TERMINATION_MILLISECONDS_MAX);
  await exited;
  clearTimeout(timeout);
}

/** A running server, in a separate process. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server that a benchmark measures. */
export interface Server {
  readonly name: string;
  start(): Promise<RunningServer>;
}

const START_SECONDS_MAX = 30;

/** A server in a module that sends `{ url }` to its parent process when it is ready. */
export const serverInModule = (name: string, module: URL): Server => ({
  name,
  async start() {
    const child = startChild(module);
    return { url: await urlOf(child, START_SECONDS_MAX), stop: () => endChild(child) };
  },
});

/** The URL that a process sends when it is ready. */
export async function urlOf(child: ChildProcess, secondsMax: number): Promise<string> {
  const { url } = await firstMessage<{ readonly url: string }>(child, secondsMax);
  return url;
}

/** Kills a process without an IPC channel, which does not notice that this one exits. */
export function killOnExit(child: ChildProcess): void {
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
}

/** Opens all ports at the same time, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
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
