import type { Address, Loss } from "./connection.ts";
import type { Ports } from "./ports.ts";
import type { SessionOptions } from "./session-options.ts";
import type { Timing } from "./timing.ts";

interface AddressContext {
  readonly ports: Pick<Ports, "after">;
  readonly timing: Pick<Timing, "answer">;
  /** Aborted when the session ends. */
  readonly ended: AbortSignal;
}

/** Calls `connect` of the application, with the timeout that also applies to replies. */
export function addressOf(
  connect: SessionOptions["connect"],
  { ports, timing, ended }: AddressContext,
): Promise<Address | Loss> {
  const attempt = new AbortController();
  return new Promise((resolve) => {
    const fail = (why: string): void => resolve({ reason: `cannot get the URL: ${why}` });
    const stop = (why: string): void => {
      attempt.abort();
      fail(why);
    };
    const onTimeout = (): void => stop(`\`connect\` did not settle within ${timing.answer / 1000} seconds`);
    const onEnd = (): void => stop("the session was closed");
    const cancel = ports.after(timing.answer, onTimeout);
    ended.addEventListener("abort", onEnd);
    const called = Promise.resolve()
      .then(() => connect({ signal: attempt.signal }))
      .then((address) => resolve(isAddress(address) ? address : missingUrl(address)))
      .catch((fault) => (isFinal(fault) ? resolve(finalLossOf(fault)) : fail(messageOf(fault))));
    void called.then(() => {
      cancel();
      ended.removeEventListener("abort", onEnd);
    });
  });
}

/** Applications in JavaScript can return anything, such as the URL of an environment variable that is not set. */
const isAddress = (address: Partial<Address> | undefined): address is Address => typeof address?.url === "string";

/** The message has no values: they can contain a token. */
const missingUrl = (address: Partial<Address> | undefined): Loss => ({
  reason: `\`connect\` must return an object whose \`url\` is a string. The type of \`url\` was ${typeof address?.url}`,
  end: "invalid-address",
});

const isFinal = (fault: unknown): fault is Error => fault instanceof Error && "final" in fault && fault.final === true;

const finalLossOf = (fault: Error): Loss => ({
  reason: fault.message,
  end: fault.name === "SignInRequiredError" ? "sign-in-required" : "connect-failed",
  cause: fault,
});

export const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
