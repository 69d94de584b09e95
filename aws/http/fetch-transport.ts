import type { Transport } from "./signature.ts";

const RESPONSE_MILLISECONDS_MAX = 5_000;

/** Uses Node's fetch, which adds nothing to the bundle: for functions that send few requests. */
export const byFetch: Transport =
  (origin) =>
  async ({ method, path, headers, body }) => {
    const response = await fetch(origin + path, {
      method,
      headers,
      ...(body !== "" && { body }),
      redirect: "error",
      signal: AbortSignal.timeout(RESPONSE_MILLISECONDS_MAX),
    });
    // The status and the error type are in the head. An unread body would keep the connection open.
    await response.body?.cancel();
    return { status: response.status, errorType: response.headers.get("x-amzn-errortype")?.split(":")[0] };
  };
