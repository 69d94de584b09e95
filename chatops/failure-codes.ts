/** Why something did not come about, and what helps. For the log and the audit trail; who asked gets a sentence. */
export const failureCodes = {
  "unusable-secret": "The secret is empty, or is not what the service needs. Set it.",
  unreachable:
    "There is no connection to the service, or it broke. It may have done what it was asked. Ask again later.",
  slow: "No answer came in time. The service may have done what it was asked. Ask again later.",
  "rate-limited": "The service takes no more requests; the sentence says until when. Short waits are waited for.",
  unauthorized: "The credential is dead (401). Set another.",
  forbidden: "The credential may not do this (403). See what it needs.",
  "not-found": "What the secret names is not there (404, 410).",
  rejected: "The service did not do it, and says why (other 3xx and 4xx).",
  broken: "The service is out of order (5xx). Ask again later.",
  nonsense:
    "The answer does not have the form that the service's API uses. Check the `url`, and any proxy or firewall on the way.",
  unverified:
    "The service accepted the request, but its next answer shows no effect. Check the state at the service, then ask again.",
  unproven: "The new credential did not work, and is removed. The old one stays.",
  interrupted:
    "A fault of the chat itself, which is in the function's log. The answer says whether the action had begun: if so, it may have taken effect.",
  busy: "Another action is changing the same credential. Ask again; a code for a second person stays valid.",
} as const;

export type FailureCode = keyof typeof failureCodes;
