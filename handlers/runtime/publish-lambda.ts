import { metrics } from "../../aws/metrics.ts";
import { now } from "../../aws/runtime.ts";
import { type PublishOutcome, type PublishResult, parseBatch, RETRYABLE } from "../../chat/protocol/publishing.ts";
import { type PublishPorts, publish } from "../../chat/use-cases/publish.ts";
import { isUrlEvent, jsonIn, jsonResponse, type UrlResponse } from "./function-url.ts";
import { finish, type LambdaContext } from "./lambda.ts";

/** The path of the function's URL that accepts requests. */
const PATH = "/publish";

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
interface BusEvent {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: unknown;
}

/**
 * The boundary of `publish`, for direct invocations, requests to its URL, and events of EventBridge. Writes one log line,
 * without message text. Callers and HTTP clients get the outcomes. The sender of an event cannot get them, so the invocation
 * fails if a message was not sent: Lambda retries the event twice, then sends it to the queue of failed events.
 */
export const publishLambda =
  (ports: Omit<PublishPorts, "onFault">) =>
  async (event: unknown, context: LambdaContext): Promise<PublishResult | UrlResponse> => {
    const started = now();
    const deadline = started + context.getRemainingTimeInMillis();
    const line = () => ({ requestId: context.awsRequestId, durationMs: now() - started });
    const onFault = (fault: unknown): void => {
      metrics.count("Faults");
      console.error({ ...line(), fault: fault instanceof Error ? fault.stack : fault });
    };
    try {
      const request = requestIn(event);
      const result =
        "problem" in request
          ? malformed(request.problem)
          : await resultOf({ ...ports, onFault }, request.value, deadline);
      console.info({ ...line(), ...countsOf(result) });
      if (isBusEvent(event)) refuseUnsent(result);
      return isUrlEvent(event) ? jsonResponse(statusOf(request, result), result) : result;
    } finally {
      await finish(line);
    }
  };

type Request = ReturnType<typeof jsonIn>;

function requestIn(event: unknown): Request {
  if (isUrlEvent(event)) return jsonIn(event, PATH);
  return { value: isBusEvent(event) ? event.detail : event };
}

function statusOf(request: Request, result: PublishResult): number {
  if ("statusCode" in request) return request.statusCode;
  return "error" in result ? 400 : 200;
}

const malformed = (message: string): PublishResult => ({ error: { code: "malformed-request", message } });

async function resultOf(ports: PublishPorts, input: unknown, deadline: number): Promise<PublishResult> {
  const parsed = parseBatch(input);
  if ("problem" in parsed) return malformed(parsed.problem);
  return { outcomes: await publish(ports, parsed.value.messages, deadline) };
}

const isBusEvent = (event: unknown): event is BusEvent =>
  typeof event === "object" && event !== null && "detail-type" in event && "detail" in event && "source" in event;

/** How many messages were sent, and how often each error occurred. */
function countsOf(result: PublishResult): object {
  if ("error" in result) return { refused: result.error.message };
  const errors = errorsIn(result.outcomes);
  const counts = Object.fromEntries(errors.map((code) => [code, errors.filter((each) => each === code).length]));
  return { messages: result.outcomes.length, sent: result.outcomes.length - errors.length, ...counts };
}

const errorsIn = (outcomes: readonly PublishOutcome[]) =>
  outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error.code] : []));

/** Throws if a message was not sent. The messages that were sent are recognized by their ids when Lambda retries. */
function refuseUnsent(result: PublishResult): void {
  if ("error" in result) throw new Unsent(result.error.message);
  const errors = errorsIn(result.outcomes);
  if (errors.length === 0) return;
  const isRetryable = errors.some((code) => RETRYABLE.some((each) => each === code));
  throw new Unsent(
    `${errors.length} of ${result.outcomes.length} messages were not sent: ${[...new Set(errors)].join(", ")}. ${isRetryable ? "Lambda retries the event." : "A retry has the same result: fix the sender of the event."}`,
  );
}

class Unsent extends Error {
  constructor(reason: string) {
    super(`The event was not published completely. ${reason}`);
    this.name = "Unsent";
  }
}
