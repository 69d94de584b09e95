import { types } from "node:util";
import type { FunctionError } from "./protocol.ts";

/** Longest answer in bytes: 6 MB and 100 bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ANSWER_BYTES_MAX = 6_291_556;

/** What Lambda answers in place of a longer one. */
const TOO_LARGE: FunctionError = {
  errorType: "Function.ResponseSizeTooLarge",
  errorMessage: `Response payload size exceeded maximum allowed payload size (${ANSWER_BYTES_MAX} bytes).`,
};

/** An error of the runtime itself. https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js */
export class RuntimeError extends Error {
  constructor(kind: string, reason: unknown) {
    super(String(reason), { cause: reason });
    this.name = `Runtime.${kind}`;
  }
}

/** Tells a fault as Lambda's runtime tells it, whatever was thrown: null, text, an error whose getters throw. */
export function describeFault(fault: unknown): FunctionError {
  try {
    if (types.isNativeError(fault) || isLikeError(fault)) {
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

const isLikeError = (fault: unknown): fault is Error => {
  const { name, message, stack } = (fault ?? {}) as Partial<Error>;
  return [name, message, stack].every((text) => typeof text === "string" && text !== "");
};

/** An answer in JSON, or the error that takes its place. What has no JSON at all, such as a function, is null. */
export function encodeAnswer(answer: unknown): { readonly payload: string } | { readonly error: FunctionError } {
  try {
    const payload = JSON.stringify(answer) ?? "null";
    return Buffer.byteLength(payload) > ANSWER_BYTES_MAX ? { error: TOO_LARGE } : { payload };
  } catch {
    return { error: describeFault(new Error("Unable to stringify response body")) };
  }
}
