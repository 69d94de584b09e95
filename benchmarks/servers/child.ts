import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts a module in a process of its own. */
export const startChild = (module: URL, args: readonly string[] = []): ChildProcess =>
  fork(fileURLToPath(module), args, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  });

/** The first thing that it says. Rejects when it ends first, or says nothing in time; then it is ended. */
export async function firstMessage<Message>(child: ChildProcess, secondsMax: number): Promise<Message> {
  const signal = AbortSignal.timeout(secondsMax * 1_000);
  const ended = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.at(-1)} ended with ${code} and said nothing.`);
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), ended]);
    return message;
  } catch (fault) {
    child.kill("SIGKILL");
    throw fault;
  }
}

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
