import type { DeniedRequest } from "../iam/guard.ts";

/** API Gateway's response to a caller with an invalid signature or without permission (MG-23 to MG-25). */
export function denialBody({ message, access }: DeniedRequest): string {
  if (!access) return JSON.stringify({ message });
  // Without the account's number and the connection's id, and without a word on which policy was asked.
  const [user] = message.split(" because ")[0]?.split(" with an explicit ") ?? [];
  const masked = user
    ?.replace(/(on resource: arn:aws[\w-]*:execute-api:[^:]*:)\d{8}/, "$1********")
    .replace(/@connections\/.*$/s, "@connections/{connectionId}");
  return JSON.stringify({ Message: masked });
}
