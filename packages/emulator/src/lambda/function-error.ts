import { types } from "node:util";
import type { FunctionError } from "./runtime-messages.ts";

/** Longest response in bytes: 6 MB and 100 bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const RESPONSE_BYTES_MAX = 6_291_556;

const TOO_LARGE: FunctionError = {
  errorType: "Function.ResponseSizeTooLarge",
  errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`,
};

/** An error of the runtime itself. https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js */
export class RuntimeError extends Error {
  constructor(kind: string, reason: unknown) {
    super(String(reason), { cause: reason });
    this.name = `Runtime.${kind}`;
  }
}

/** Converts anything that a handler can throw to an error of Lambda: null, a string, an error whose getters throw. */
export function describeFault(fault: unknown): FunctionError {
  try {
    if (types.isNativeError(fault) || isErrorLike(fault)) {
      return {
        errorType: String(fault.name),
        errorMessage: String(fault.message),
        trace: String(fault.stack).split("\n"),
      };
    }
    return { errorType: typeof fault, errorMessage: (fault as object).toString(), trace: [] };
  } catch {
    const errorMessage =
      "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack";
    return { errorType: "handled", errorMessage, trace: [] };
  }
}

const isErrorLike = (fault: unknown): fault is Error => {
  const { name, message, stack } = (fault ?? {}) as Partial<Error>;
  return [name, message, stack].every((text) => typeof text === "string" && text !== "");
};

/**
 * Converts the result of a handler to JSON, or returns the error that replaces it. A value without JSON, such as a
 * function, is null.
 */
export function encodeResult(result: unknown): { readonly payload: string } | { readonly error: FunctionError } {
  try {
    const payload = JSON.stringify(result) ?? "null";
    return Buffer.byteLength(payload) > RESPONSE_BYTES_MAX ? { error: TOO_LARGE } : { payload };
  } catch {
    return { error: describeFault(new Error("Unable to stringify response body")) };
  }
}
