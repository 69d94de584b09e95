import { describeFault, encodeAnswer, RuntimeError } from "./function-error.ts";
import { type Callback, HAS_CALLBACKS, type UserHandler } from "./handler-module.ts";
import type { HandlerAnswer } from "./protocol.ts";

export interface CallOptions {
  readonly event: unknown;
  /** The fields of the context that are data. */
  readonly context: object;
  /** Has a call made once, when the handler has left nothing to wait for; the last listener alone counts. */
  readonly onIdle: (listener: () => void) => void;
}

/**
 * Runs a handler of either style: one that returns a promise, or one that calls back. The first answer counts.
 * Until nodejs22.x a returned value that is not a promise is ignored; from nodejs24.x it is the answer. Never rejects.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/CallbackContext.js
 */
export const callHandler = (handler: UserHandler, { event, context, onIdle }: CallOptions): Promise<HandlerAnswer> =>
  new Promise((answer) => {
    const fail = (fault: unknown): void => answer({ kind: "failed", error: describeFault(fault ?? "handled") });
    const succeed = (result?: unknown): void => {
      const encoded = encodeAnswer(result === undefined ? null : result);
      answer("error" in encoded ? { kind: "failed", ...encoded } : { kind: "done", ...encoded });
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
    onIdle(() => (isAsync(handler) || !HAS_CALLBACKS ? fail(neverSettled()) : succeed()));
    try {
      const returned = call();
      if (isThenable(returned)) returned.then(succeed, fail);
    } catch (fault) {
      callback(fault);
    }
  });

const isAsync = (handler: UserHandler): boolean => handler.constructor?.name === "AsyncFunction";

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";

const neverSettled = (): Error =>
  new RuntimeError(
    "NodeJsExit",
    "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes",
  );
