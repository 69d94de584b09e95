import type { NetworkChange, Ports } from "./ports.ts";

/** The parts of browsers that are used. Each can be missing: in Node, in workers, in React Native, or on insecure pages. */
interface Browser {
  readonly navigator?: { readonly onLine?: boolean; readonly locks?: Locks };
  readonly document?: Events & { readonly visibilityState: string };
}

interface Events {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** https://developer.mozilla.org/en-US/docs/Web/API/LockManager */
interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable: boolean },
    callback: (lock: object | null) => Promise<boolean>,
  ): Promise<boolean>;
}

/** Read at each use, because a test can install a browser later. */
const browser = (): Browser => globalThis as Browser;

/** How long the check of a server may take. */
const REACH_MILLISECONDS = 10_000;

export const defaultPorts: Ports = {
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
  now: () => performance.now(),
  wallClock: Date.now,
  random: Math.random,
  newId,
  isOffline: () => browser().navigator?.onLine === false,
  onNetworkChange,
  isReachable,
  async withLock(name, isWaiting, work) {
    const { locks } = browser().navigator ?? {};
    const run = async (lock: object | null): Promise<boolean> => {
      if (lock) await work();
      return lock !== null;
    };
    return locks ? locks.request(name, { ifAvailable: !isWaiting }, run) : run({});
  },
};

/** Not `randomUUID`, which browsers have only on secure pages. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function onNetworkChange(listener: (change: NetworkChange) => void): () => void {
  const { document } = browser();
  // In Node and React Native, `globalThis` has no `addEventListener`.
  const page = "addEventListener" in globalThis ? (globalThis as unknown as Events) : undefined;
  const subscriptions: (readonly [Events | undefined, string, () => void])[] = [
    [page, "online", () => listener("online")],
    [page, "offline", () => listener("offline")],
    [document, "visibilitychange", () => document?.visibilityState === "visible" && listener("visible")],
  ];
  for (const [target, type, call] of subscriptions) target?.addEventListener(type, call);
  return () => {
    for (const [target, type, call] of subscriptions) target?.removeEventListener(type, call);
  };
}

/** The status and the body are not readable from a page of another origin. Any response proves that the network works. */
async function isReachable(url: string): Promise<boolean> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), REACH_MILLISECONDS);
  try {
    const { origin, pathname } = new URL(url.replace(/^ws/, "http"));
    // The query string can have a token, which does not belong in another request.
    await fetch(origin + pathname, { mode: "no-cors", signal: controller.signal });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
