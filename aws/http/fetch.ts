import type { Http, NoResponse } from "../../chatops/http.ts";
import type { Transport } from "./signature.ts";

const RESPONSE_MILLISECONDS_MAX = 5_000;

/** Uses Node's fetch, which adds nothing to the bundle: for functions that send few requests. */
export const fetchTransport: Transport =
  (origin) =>
  async ({ method, path, headers, body }) => {
    const response = await fetch(origin + path, {
      method,
      headers,
      ...(body !== "" && { body }),
      redirect: "error",
      signal: AbortSignal.timeout(RESPONSE_MILLISECONDS_MAX),
    });
    // The status and the error type are in the headers. An unread body would keep the connection open.
    await response.body?.cancel();
    return { status: response.status, errorType: response.headers.get("x-amzn-errortype")?.split(":")[0] };
  };

/** The maximum length of a response body. Responses of the services are far shorter. */
const BODY_BYTES_MAX = 1_048_576;

class BodyTooLong extends Error {
  override readonly name = "BodyTooLong";
}

/** Uses Node's fetch: a few requests an hour need no connection pool. */
export const fetchHttp: Http = async ({ url, ...init }, timeoutMilliseconds) => {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    const body = await textOf(response);
    return { status: response.status, header: (name) => response.headers.get(name) ?? undefined, body };
  } catch (fault) {
    return noResponse(fault as Error);
  }
};

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) throw new BodyTooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function noResponse({ name, cause }: Error): NoResponse {
  if (name === "TimeoutError") return { fault: "slow", name };
  if (name === "BodyTooLong") return { fault: "too-long", name };
  return { fault: "unreachable", name: (cause as NodeJS.ErrnoException | undefined)?.code ?? name };
}
