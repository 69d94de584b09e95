import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";

/** Retries of a throttled request take minutes, as for `npm run logs`. */
const ATTEMPTS_MAX = 12;

export interface Place {
  readonly region: string;
  /** The endpoint of a running `npm start`. */
  readonly endpoint: string | undefined;
}

/** A client, and a function that returns how far the clock of this machine is ahead, in milliseconds, after a request. */
export function clientAt({ region, endpoint }: Place): { client: DynamoDBClient; clockOffset: () => number } {
  let offset = 0;
  const client = new DynamoDBClient({
    region,
    maxAttempts: ATTEMPTS_MAX,
    ...(endpoint !== undefined && { endpoint, credentials: localCredentials() }),
  });
  // As in aws/table/sdk-client.ts: no logger is set.
  client.middlewareStack.remove("loggerMiddleware");
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { readonly headers: Readonly<Record<string, string>> };
      offset = offsetFrom(headers.date, Date.now()) ?? offset;
      return result;
    },
    { step: "deserialize", name: "readDate" },
  );
  return { client, clockOffset: () => offset };
}

/** The header has whole seconds, so half a second is added. Undefined without a valid header. */
function offsetFrom(date: string | undefined, now: number): number | undefined {
  const sent = Date.parse(date ?? "");
  return Number.isNaN(sent) ? undefined : now - sent - 500;
}
