import type { FunctionConfig } from "../terraform/functions.ts";
import type { Invocation } from "./execution-environment.ts";

/** Why an asynchronous event is over. */
export type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";

/** An asynchronous event and what its last attempt came to. */
export interface Ended {
  readonly requestId: string;
  readonly payload: unknown;
  readonly condition: Condition;
  /** Attempts in which the function ran. */
  readonly invokes: number;
  readonly last: Invocation;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * What a destination is told. An event whose last attempt was throttled has no response to tell of.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const recordOf = (
  { arn }: FunctionConfig,
  { requestId, payload, condition, invokes, last, now }: Ended,
): object => ({
  version: "1.0",
  timestamp: new Date(now).toISOString(),
  requestContext: { requestId, functionArn: `${arn}:$LATEST`, condition, approximateInvokeCount: invokes },
  requestPayload: payload,
  ...("throttled" in last ? {} : responseOf(last)),
});

const responseOf = (last: Exclude<Invocation, { throttled: true }>): object => {
  const responseContext = { statusCode: 200, executedVersion: "$LATEST" };
  if ("payload" in last) return { responseContext, responsePayload: last.payload };
  return { responseContext: { ...responseContext, functionError: "Unhandled" }, responsePayload: last.error };
};

/** Longest text of an attribute, in characters. */
const ERROR_MESSAGE_LENGTH_MAX = 1024;

/** What goes with the event itself into a dead-letter queue. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq */
export const deadLetterAttributes = ({ requestId, last }: Ended): Record<string, string> => ({
  RequestID: requestId,
  ErrorCode: "throttled" in last ? "429" : "200",
  ErrorMessage: ("error" in last ? last.error.errorMessage : "Rate Exceeded.").slice(0, ERROR_MESSAGE_LENGTH_MAX),
});
