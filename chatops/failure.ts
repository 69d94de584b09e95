/** Why an action failed, and what to do. The log and the audit trail have the code; the requester gets a sentence. */
export const FAILURE_CODES = {
  "unusable-secret": "The secret is empty, or a field is missing or invalid. Set the secret.",
  unreachable:
    "The connection to the service failed or broke. The service may have processed the request. Try again later.",
  slow: "The service did not respond in time. It may have processed the request. Try again later.",
  "rate-limited":
    "The service accepts no more requests until the time in the answer. The function waits by itself if the wait is short.",
  unauthorized: "The credential is expired, revoked or invalid (401). Set another one.",
  forbidden: "The credential has no permission for this action (403). See the permissions that the action needs.",
  "not-found": "A resource that the secret names does not exist (404, 410).",
  rejected: "The service rejected the request, and the answer says why (other 3xx and 4xx).",
  broken: "The service is unavailable (5xx). Try again later.",
  nonsense:
    "The response does not have the format of the service's API. Check the `url`, and any proxy or firewall in between.",
  unverified:
    "The service accepted the request, but its next response shows no effect. Check the state at the service, then try again.",
  unproven: "The new credential did not work, and was removed. The old one is still in use.",
  interrupted:
    "The chat had an internal error, which is in the function's log. If the action had started, the answer says so, and it may have taken effect.",
  busy: "Another action is changing the same credential. Try again; a confirmation code stays valid.",
} as const;

export type FailureCode = keyof typeof FAILURE_CODES;

export interface Failure {
  readonly code: FailureCode;
  /** A sentence for the requester. Contains no credential. */
  readonly detail: string;
}

export interface Failed {
  readonly failure: Failure;
}

/** A value, or the reason why there is none. Failures of a service are expected, so they are values: only bugs throw. */
export type Result<Value> = { readonly value: Value } | Failed;

export const fail = (code: FailureCode, detail: string): Failed => ({ failure: { code, detail } });

export const hasFailed = (result: Result<unknown>): result is Failed => "failure" in result;

export const failedFor = (result: Result<unknown>, ...codes: readonly FailureCode[]): boolean =>
  hasFailed(result) && codes.includes(result.failure.code);

/** Whether the service itself refused the credential. After any other failure, the credential may still be valid. */
export const isCredentialRefused = (result: Result<unknown>): result is Failed =>
  failedFor(result, "unauthorized", "forbidden", "not-found", "unproven");
