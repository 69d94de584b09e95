import type { HandOver, Task } from "../chat/fan-out/tasks.ts";
import type { Config } from "./config.ts";
import { type SignedService, signedRequests } from "./http/signed-requests.ts";
import { credentials, lambdaEndpoint, pause, region, traceId } from "./runtime.ts";

/** Lambda has queued the event, and retries it if the function fails. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const ACCEPTED = 202;

const ATTEMPTS_MAX = 3;
const PAUSE_MILLISECONDS = 100;

const HEADERS = { "content-type": "application/json", "x-amz-invocation-type": "Event" };

export interface InvokedFunction extends Omit<SignedService, "service"> {
  readonly functionName: string;
  /** The trace id of the current invocation; undefined outside of one. */
  readonly traceId: () => string | undefined;
}

/** Invokes a function asynchronously with each task. Rejects if Lambda does not accept it. */
export function handOverTo<Payload extends object = Task>({
  functionName,
  traceId,
  ...lambda
}: InvokedFunction): (task: Payload) => Promise<void> {
  const post = signedRequests({ ...lambda, service: "lambda" });
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  return async (task) => {
    const body = JSON.stringify(task);
    const unsignedHeaders = traceHeader(traceId());
    for (let attempt = 1; ; attempt += 1) {
      const response = await post({ path, headers: HEADERS, body, unsignedHeaders }).catch((fault) => ({
        status: 0,
        errorType: String(fault),
      }));
      if (response.status === ACCEPTED) return;
      const isRetryable = response.status === 0 || response.status === 429 || response.status >= 500;
      if (attempt === ATTEMPTS_MAX || !isRetryable) throw new InvokeFailed(response);
      await pause(attempt * PAUSE_MILLISECONDS);
    }
  };
}

/**
 * Connects the traces of both functions, and lets Lambda detect recursive loops. As in the SDK, the header is not signed.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
const traceHeader = (traceId: string | undefined): Readonly<Record<string, string>> =>
  traceId === undefined ? {} : { "x-amzn-trace-id": traceId };

class InvokeFailed extends Error {
  constructor({ status, errorType }: { readonly status: number; readonly errorType: string | undefined }) {
    super(`Lambda did not accept an event: ${errorType ?? status}`);
    this.name = "InvokeFailed";
  }
}

type FanOutSettings = Pick<Config, "fanOutFunction">;

export const handOver = ({ fanOutFunction }: FanOutSettings): HandOver =>
  handOverTo({ functionName: fanOutFunction, endpoint: lambdaEndpoint(), region: region(), credentials, traceId });
