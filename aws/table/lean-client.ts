import { crc32 } from "node:zlib";
import { type ClientLimits, type Headers, type HttpResponse, httpClient } from "../http/http-client.ts";
import { type Scope, signer } from "../http/signature.ts";
import { credentials, dynamodbEndpoint, isLambda, now, pause, random, region } from "../runtime.ts";
import type { Operations, Send } from "./operations.ts";
import { type FaultKind, type RetryOptions, retrying } from "./retries.ts";

/*
 * A client of DynamoDB's low-level API that takes a fraction of the SDK's size and CPU. Retries, the correction of the clock,
 * and the names of errors are the SDK's: docs/decisions/0068-call-dynamodb-without-the-sdk.md.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */

type Operation = keyof Operations;

export interface LeanClientOptions
  extends Pick<Scope, "region" | "credentials" | "now">,
    Pick<RetryOptions, "pause" | "random"> {
  readonly endpoint: string;
}

/** DynamoDB usually answers within milliseconds. A retry on another connection is better than a longer wait. */
const LIMITS: ClientLimits = { connections: 50, responseMilliseconds: 3_000 };

const headersOf = (operation: Operation) => ({
  "content-type": "application/x-amz-json-1.0",
  "x-amz-target": `DynamoDB_20120810.${operation}`,
});

/** One object for each operation: the signer keeps a part of the signature for it. */
const HEADERS: Readonly<Record<Operation, Headers>> = {
  GetItem: headersOf("GetItem"),
  PutItem: headersOf("PutItem"),
  UpdateItem: headersOf("UpdateItem"),
  DeleteItem: headersOf("DeleteItem"),
  BatchGetItem: headersOf("BatchGetItem"),
  BatchWriteItem: headersOf("BatchWriteItem"),
  Query: headersOf("Query"),
};

export interface LeanClient {
  readonly send: Send;
  /**
   * Does now what the first request would do. While a function starts, it has a full core, and in its first call only the
   * share that its memory gives it. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
   */
  warmUp(): Promise<void>;
}

export function leanClient({ endpoint, now: clock, ...options }: LeanClientOptions): LeanClient {
  const { origin, host, pathname: path } = new URL(endpoint);
  let clockOffset = 0;
  const correctedNow = () => clock() + clockOffset;
  const sign = signer({ ...options, service: "dynamodb", host, now: correctedNow });
  const http = httpClient(origin, LIMITS);
  const withRetries = retrying({ ...options, kindOf, retryAfterOf });

  /** Corrects the offset of the clock if it is the reason for the fault. */
  function faultOf(response: HttpResponse, attempts: number): DynamoDBFault {
    const fault = new DynamoDBFault(response, attempts);
    const serverTime = Date.parse(String(response.header("date")));
    const isSkewed = CLOCK_ERRORS.has(fault.name) && Math.abs(serverTime - correctedNow()) >= SKEW_MILLISECONDS;
    if (isSkewed) clockOffset = serverTime - clock();
    fault.isClockCorrected = isSkewed;
    return fault;
  }

  const send: Send = (operation, input, { abortSignal } = {}) => {
    const unsigned = { method: "POST", path, headers: HEADERS[operation], body: JSON.stringify(input) } as const;
    return withRetries(async (attempts) => {
      const response = await http.send({ ...unsigned, headers: sign(unsigned) }, abortSignal);
      verifyChecksum(response);
      if (response.status !== 200) throw faultOf(response, attempts);
      return { ...outputIn(response.body), $metadata: { httpStatusCode: 200, attempts } };
    }, abortSignal);
  };

  return {
    send,
    async warmUp() {
      sign({ method: "POST", path, headers: HEADERS.GetItem, body: "" });
      // Node.js loads the code of signals on first use.
      new AbortController();
      await http.warmUp();
    },
  };
}

/** DynamoDB sends the checksum of each response: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html#Programming.LowLevelAPI.Response */
function verifyChecksum({ header, body }: HttpResponse): void {
  const expected = header("x-amz-crc32");
  if (expected === undefined || Number(expected) === crc32(body)) return;
  throw new ChecksumMismatch();
}

/** The text of a body can contain messages, so it is not part of the error. */
function outputIn(body: Buffer): object {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Error("The body of DynamoDB's response is not JSON.");
  }
}

class ChecksumMismatch extends Error {
  override readonly name = "ChecksumMismatch";

  constructor() {
    super("The body of DynamoDB's response does not match its checksum (x-amz-crc32). The network has changed it.");
  }
}

/** An error that DynamoDB returns. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
class DynamoDBFault extends Error {
  readonly $metadata: {
    readonly httpStatusCode: number;
    readonly attempts: number;
    readonly requestId: string | undefined;
  };
  /** Seconds, or a date. */
  readonly retryAfter: string | undefined;
  isClockCorrected = false;

  constructor({ status, header, body }: HttpResponse, attempts: number) {
    const { __type: type = "", message, Message = message } = errorIn(body);
    super(Message ?? `DynamoDB responded with the status ${status}.`);
    this.name = type.slice(type.lastIndexOf("#") + 1) || "UnknownError";
    this.$metadata = { httpStatusCode: status, attempts, requestId: header("x-amzn-requestid") };
    this.retryAfter = header("retry-after");
  }
}

interface ErrorBody {
  readonly __type?: string;
  readonly message?: string;
  readonly Message?: string;
}

/** Empty if the body is not DynamoDB's, such as that of a proxy. */
function errorIn(body: Buffer): ErrorBody {
  try {
    return Object(JSON.parse(body.toString()));
  } catch {
    return {};
  }
}

/** The same limit as in the SDK. AWS refuses signatures that are five minutes old. */
const SKEW_MILLISECONDS = 240_000;

const CLOCK_ERRORS: ReadonlySet<string> = new Set([
  "AccessDeniedException",
  "InvalidSignatureException",
  "RequestExpired",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
]);

const THROTTLING: ReadonlySet<string> = new Set([
  "LimitExceededException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
]);

const TRANSIENT: ReadonlySet<string> = new Set([
  "ChecksumMismatch",
  "HTTPParserError",
  "ReplicatedWriteConflictException",
  "RequestTimeout",
  "RequestTimeoutException",
]);

/** Of Node.js and undici. Not in the list: errors of certificates. */
const CONNECTION_ERRORS: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "EPROTO",
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);

/** The SDK classifies errors in the same way. */
function kindOf(fault: unknown): FaultKind {
  const { name, code = "", $metadata, isClockCorrected } = fault as Partial<DynamoDBFault> & NodeJS.ErrnoException;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429 || THROTTLING.has(name)) return "throttling";
  const isTransient = isClockCorrected || status >= 500 || TRANSIENT.has(name) || CONNECTION_ERRORS.has(code);
  return isTransient ? "transient" : "final";
}

function retryAfterOf(fault: unknown): number | undefined {
  const { retryAfter } = fault as Partial<DynamoDBFault>;
  if (retryAfter === undefined) return undefined;
  const milliseconds = /^[\d.]+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now();
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

const clients = new Map<string, LeanClient>();

/** The client of all tables of a function. */
export const tableClient = (): Send => clientOf(dynamodbEndpoint()).send;

function clientOf(endpoint: string): LeanClient {
  const client = clients.get(endpoint) ?? leanClient({ endpoint, region: region(), credentials, now, pause, random });
  clients.set(endpoint, client);
  return client;
}

if (isLambda()) await clientOf(dynamodbEndpoint()).warmUp();
