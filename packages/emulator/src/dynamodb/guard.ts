import type { IncomingHttpHeaders } from "node:http";
import { EmulatedTime } from "../emulated-time.ts";
import type { Access } from "../iam/evaluate.ts";
import { createGuard } from "../iam/guard.ts";
import type { Principal } from "../iam/principal.ts";
import type { Report } from "../inspector/events.ts";
import type { Place } from "../terraform/computed.ts";
import type { TableConfig } from "../terraform/tables.ts";
import { accessesOf, OPERATIONS } from "./access.ts";

/** The input of a guard. It is plain data, so that it can be sent to a thread. */
export interface GuardData {
  readonly place: Place;
  readonly tables: readonly TableConfig[];
  /** The principals that can sign requests; undefined if IAM is off, which allows every request. */
  readonly principals: readonly Principal[] | undefined;
}

/** A request with its complete body. */
export interface DynamodbRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The body of a DynamoDB error with the status 400. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export type DynamodbError = { readonly __type: string } & Readonly<Record<string, string>>;

/** Checks a request before DynamoDB processes it. Returns an error, or undefined for an allowed request. */
export type DynamodbGuard = (request: DynamodbRequest) => DynamodbError | undefined;

export function createDynamodbGuard(data: GuardData, report: Report, time = new EmulatedTime()): DynamodbGuard {
  const { principals, place } = data;
  if (!principals) return () => undefined;
  const { now, movedBy } = time;
  const guard = createGuard({ service: "dynamodb", region: place.region, principals, now, movedBy, report });
  return ({ headers, body }) => {
    const operation = String(headers["x-amz-target"]).replace(/^DynamoDB_\d+\./, "");
    const accesses = readAccesses({ operation, body }, data);
    if (accesses === "malformed") return { __type: "com.amazon.coral.service#SerializationException" };
    if (!accesses) {
      const message = `The emulator's DynamoDB does not support the operation ${operation}. It supports ${OPERATIONS.join(", ")}.`;
      report(message);
      return { __type: "com.amazon.coral.service#UnknownOperationException", message };
    }
    const verdict = guard({ method: "POST", path: "/", headers, body }, accesses);
    if ("principal" in verdict) return undefined;
    const { errorType, message } = verdict;
    // As in AWS, the name is capitalized only in an error about missing permissions.
    const text = errorType === "AccessDeniedException" ? { Message: message } : { message };
    return { __type: `com.amazon.coral.service#${errorType}`, ...text };
  };
}

/** A malformed request is rejected, because its permissions cannot be determined. */
function readAccesses(
  { operation, body }: { readonly operation: string; readonly body: Buffer },
  data: GuardData,
): readonly Access[] | undefined | "malformed" {
  try {
    return accessesOf({ operation, body: JSON.parse(body.toString()) }, data);
  } catch {
    return "malformed";
  }
}
