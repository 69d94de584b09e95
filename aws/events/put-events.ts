import { EVENT_SOURCE, type EventEntry, type PutEvents, type RefusedEntry } from "../../chat/use-cases/send-events.ts";
import type { Config } from "../config.ts";
import { type AwsResponse, type SignedService, signedRequests } from "../http/signed-requests.ts";
import { credentials, eventsEndpoint, region } from "../runtime.ts";

const HEADERS = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSEvents.PutEvents" };

export interface EventBusClient extends Omit<SignedService, "service"> {
  readonly eventBus: string;
}

export function putEventsTo({ eventBus, ...events }: EventBusClient): PutEvents {
  const post = signedRequests({ ...events, service: "events" });
  return async (entries) => {
    const body = JSON.stringify({ Entries: entries.map((entry) => entryOf(entry, eventBus)) });
    const response = await post({ path: "/", headers: HEADERS, body }).catch(noResponse);
    if (response.status !== 200) return refusedBy(response, entries);
    const { Entries } = Object(jsonIn(response.body));
    return entries.flatMap((entry, index) => {
      const { EventId, ErrorCode: errorCode = "no error code" } = Object(Entries?.[index]);
      return EventId === undefined ? { entry, errorCode, isRetryable: !FINAL_ERRORS.includes(errorCode) } : [];
    });
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const FINAL_ERRORS: readonly string[] = [
  "AccessDeniedException",
  "InvalidAccountIdException",
  "InvalidArgument",
  "MalformedDetail",
  "RedactionFailure",
  "NotAuthorizedForSourceException",
  "NotAuthorizedForDetailTypeException",
];

const noResponse = (fault: unknown): AwsResponse => ({
  ...{ status: NO_RESPONSE, body: Buffer.alloc(0) },
  errorType: `no response (${Object(fault).code ?? Object(fault).name})`,
});

const NO_RESPONSE = 0;

/** EventBridge refused the whole request, or did not respond. Throttling has the status 400, too. */
function refusedBy(response: AwsResponse, entries: readonly EventEntry[]): RefusedEntry[] {
  const { status, errorType = typeIn(response) } = response;
  const isRetryable = status === NO_RESPONSE || status === 429 || status >= 500 || errorType === "ThrottlingException";
  return entries.map((entry) => ({ entry, errorCode: errorType ?? `status ${status}`, isRetryable }));
}

/** The type can have a namespace, such as `com.amazon.coral.service#`. */
function typeIn({ body }: AwsResponse): string | undefined {
  const { __type } = Object(jsonIn(body));
  return typeof __type === "string" ? __type.split("#").at(-1) : undefined;
}

/** Undefined if the body is not JSON, for example if a proxy responded instead of AWS. */
function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const entryOf = ({ type, detail, at }: EventEntry, eventBus: string): object => ({
  EventBusName: eventBus,
  Source: EVENT_SOURCE,
  DetailType: type,
  Detail: detail,
  Time: Math.floor(at / 1000),
});

export const putEvents = ({ eventBus }: Pick<Config, "eventBus">): PutEvents =>
  putEventsTo({ eventBus, endpoint: eventsEndpoint(), region: region(), credentials });
