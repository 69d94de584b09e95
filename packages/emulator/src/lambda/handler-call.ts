import { describeFault, encodeResult, RuntimeError } from "./function-error.ts";
import { type Callback, HAS_CALLBACKS, type UserHandler } from "./handler-module.ts";
import type { HandlerResult } from "./runtime-messages.ts";

export interface CallOptions {
  readonly event: unknown;
  /** The context, without the functions and fields that `callHandler` adds for callbacks. */
  readonly context: object;
  /** Sets the function to call when the event loop is empty. It replaces the one before. */
  readonly onIdle: (listener: () => void) => void;
  readonly warn: (sentence: string) => void;
}

/**
 * Runs a handler that returns a promise or calls a callback. The first result counts. Never rejects.
 * A returned value that is not a promise is ignored up to nodejs22.x, and is the result from nodejs24.x on.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/CallbackContext.js
 */
export const callHandler = (
  handler: UserHandler,
  { event, context, onIdle, warn }: CallOptions,
): Promise<HandlerResult> =>
  new Promise((resolve) => {
    const fail = (fault: unknown): void => resolve({ kind: "failed", error: describeFault(fault ?? "handled") });
    const succeed = (result?: unknown): void => {
      const encoded = encodeResult(result === undefined ? null : result);
      resolve("error" in encoded ? { kind: "failed", ...encoded } : { kind: "done", ...encoded });
    };
    const done: Callback = (fault, result) => (fault === undefined || fault === null ? succeed(result) : fail(fault));
    const controls = { callbackWaitsForEmptyEventLoop: true, done, succeed, fail };
    const callContext = Object.assign(controls, context);
    let hasCalledBack = false;
    const callback: Callback = (fault, result) => {
      if (hasCalledBack) return;
      hasCalledBack = true;
      const isFault = fault !== undefined && fault !== null;
      if (isFault || !callContext.callbackWaitsForEmptyEventLoop) done(fault, result);
      else onIdle(() => succeed(result));
    };
    const call = HAS_CALLBACKS ? () => handler(event, callContext, callback) : async () => handler(event, context);
    let returned: unknown;
    onIdle(() => {
      if (isAsync(handler) || !HAS_CALLBACKS) return fail(neverSettled());
      if (isThenable(returned)) warn(UNSETTLED);
      succeed();
    });
    try {
      returned = call();
      if (isThenable(returned)) returned.then(succeed, fail);
    } catch (fault) {
      callback(fault);
    }
  });

const isAsync = (handler: UserHandler): boolean => handler.constructor?.name === "AsyncFunction";

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";

const UNSETTLED =
  "The handler returned a promise that was never settled. As in Lambda, the result of the invocation is null. Settle the promise in every case.";

const neverSettled = (): Error =>
  new RuntimeError(
    "NodeJsExit",
    "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes",
  );
