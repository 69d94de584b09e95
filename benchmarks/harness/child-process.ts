import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

interface ChildOptions {
  /** Another Node than this process's. */
  readonly node?: string;
  /** Of Node, in place of this process's own. */
  readonly flags?: readonly string[];
  /** In place of this process's variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What it says on standard error is kept from the terminal. */
  readonly isQuiet?: boolean;
}

/** Starts a module in a process of its own. */
export const startChild = (module: URL, args: readonly string[] = [], options: ChildOptions = {}): ChildProcess =>
  fork(fileURLToPath(module), args, {
    stdio: ["ignore", "ignore", options.isQuiet ? "pipe" : "inherit", "ipc"],
    execPath: options.node ?? process.execPath,
    execArgv: [...(options.flags ?? process.execArgv)],
    env: { ...(options.variables ?? process.env), AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  });

/** Tells a child something, and gives what it says to that. */
export function ask<Answer>(child: ChildProcess, question: unknown, secondsMax = 120): Promise<Answer> {
  const answer = firstMessage<Answer>(child, secondsMax);
  child.send(question as string);
  return answer;
}

/** The first thing that it says. Rejects when it ends first, or says nothing in time; then it is ended. */
export async function firstMessage<Message>(child: ChildProcess, secondsMax: number): Promise<Message> {
  const isOver = new AbortController();
  const signal = AbortSignal.any([isOver.signal, AbortSignal.timeout(secondsMax * 1_000)]);
  const ended = once(child, "exit", { signal }).then(([code, reason]) => {
    throw new Error(`${nameOf(child)} ended with ${code ?? reason} and said nothing.`);
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), ended]);
    return message;
  } catch (fault) {
    child.kill("SIGKILL");
    throw fault;
  } finally {
    isOver.abort();
    await ended.catch(() => undefined);
  }
}

const nameOf = ({ spawnargs }: ChildProcess): string =>
  basename(spawnargs.find((argument) => /\.m?[jt]s$/.test(argument)) ?? "A process");

const FAREWELL_MILLISECONDS_MAX = 5_000;

/** Ends a process that we started, and waits until it is gone. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const last = setTimeout(() => child.kill("SIGKILL"), FAREWELL_MILLISECONDS_MAX);
  await gone;
  clearTimeout(last);
}
