import type { FailureCode } from "./failure-codes.ts";

export interface Failure {
  readonly code: FailureCode;
  /** One sentence for a person. Holds no credential. */
  readonly detail: string;
}

export interface Failed {
  readonly failure: Failure;
}

/** What was asked for, or why it is not to be had. Expected, so a value: what is thrown is a fault of ours. */
export type Answer<Value> = { readonly value: Value } | Failed;

export const fail = (code: FailureCode, detail: string): Failed => ({ failure: { code, detail } });

export const hasFailed = (answer: Answer<unknown>): answer is Failed => "failure" in answer;

/** The service has looked at the credential, and does not take it, or not for this. Anything else may pass. */
export const isVerdict = (answer: Answer<unknown>): answer is Failed =>
  failedFor(answer, "unauthorized", "forbidden", "not-found", "unproven");

/** Whether it failed for one of these reasons. What is to be removed is as good as removed where it is not found. */
export const failedFor = (answer: Answer<unknown>, ...codes: readonly FailureCode[]): boolean =>
  hasFailed(answer) && codes.includes(answer.failure.code);
