import { EVENT_SOURCE, type EventEntry, type PutEvents } from "../../chat/use-cases/send-events.ts";
import type { Config } from "../config.ts";
import { type SignedService, signedRequests } from "../http/signed-requests.ts";
import { credentials, eventsEndpoint, region } from "../runtime.ts";

const HEADERS = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSEvents.PutEvents" };

export interface EventBusClient extends Omit<SignedService, "service"> {
  readonly eventBus: string;
}

/** Rejects if EventBridge refuses the whole request, or does not answer. */
export function putEventsTo({ eventBus, ...events }: EventBusClient): PutEvents {
  const post = signedRequests({ ...events, service: "events" });
  return async (entries) => {
    const body = JSON.stringify({ Entries: entries.map((entry) => entryOf(entry, eventBus)) });
    const response = await post({ path: "/", headers: HEADERS, body });
    const { Entries, __type } = Object(JSON.parse(response.body.toString("utf8") || "{}"));
    if (response.status !== 200) {
      throw new Error(`EventBridge did not accept a request: ${__type ?? response.errorType ?? response.status}`);
    }
    return entries.filter((_, index) => Entries[index]?.EventId === undefined);
  };
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
