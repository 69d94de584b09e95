import type { IncomingHttpHeaders } from "node:http";
import type { Access } from "../iam/evaluate.ts";
import { createGuard } from "../iam/guard.ts";
import type { Principal } from "../iam/principal.ts";
import type { Place } from "../terraform/computed.ts";
import type { TableConfig } from "../terraform/tables.ts";
import { accessesOf } from "./access.ts";

/** What a front is made of. Plain data: it goes into a thread. */
export interface GuardData {
  readonly place: Place;
  readonly tables: readonly TableConfig[];
  /** Who may sign; undefined where IAM is off, and everybody passes. */
  readonly principals: readonly Principal[] | undefined;
}

/** A request whose body is whole. */
export interface DynamodbRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An error as DynamoDB answers it, always with status 400. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export type DynamodbError = { readonly __type: string } & Readonly<Record<string, string>>;

/** Stands before a DynamoDB: gives the error for a request that is not signed, or not granted; undefined lets it pass. */
export type DynamodbGuard = (request: DynamodbRequest) => DynamodbError | undefined;

export function createDynamodbGuard(data: GuardData, report: (sentence: string) => void): DynamodbGuard {
  const { principals, place } = data;
  if (!principals) return () => undefined;
  const guard = createGuard({ service: "dynamodb", region: place.region, principals, now: Date.now, report });
  return ({ headers, body }) => {
    const operation = String(headers["x-amz-target"]).replace(/^DynamoDB_\d+\./, "");
    const accesses = readAccesses({ operation, body }, data);
    if (accesses === "misshapen") return { __type: "com.amazon.coral.service#SerializationException" };
    if (!accesses) {
      report(`The emulator's DynamoDB does not know the operation ${operation}.`);
      return { __type: "com.amazon.coral.service#UnknownOperationException" };
    }
    const verdict = guard({ method: "POST", path: "/", headers, body }, accesses);
    if ("principal" in verdict) return undefined;
    const { errorType, message } = verdict;
    // AWS's own spelling: with a capital where rights are missing, without elsewhere.
    const text = errorType === "AccessDeniedException" ? { Message: message } : { message };
    return { __type: `com.amazon.coral.service#${errorType}`, ...text };
  };
}

/** What is misshapen must not pass unasked: what it would do nobody knows. */
function readAccesses(
  { operation, body }: { readonly operation: string; readonly body: Buffer },
  data: GuardData,
): readonly Access[] | undefined | "misshapen" {
  try {
    return accessesOf({ operation, body: JSON.parse(body.toString()) }, data);
  } catch {
    return "misshapen";
  }
}
