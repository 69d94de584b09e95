import type { Transport } from "./signed-requests.ts";

/** Longest wait for an answer. */
const ANSWER_MILLISECONDS_MAX = 5_000;

/** By Node's own fetch: nothing in the bundle, for who sends a few requests. */
export const byFetch: Transport =
  (origin) =>
  async ({ method, path, headers, body }) => {
    const response = await fetch(origin + path, {
      method,
      headers,
      ...(body !== "" && { body }),
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX),
    });
    // The body says nothing that the head does not.
    await response.body?.cancel();
    return { status: response.status, errorType: response.headers.get("x-amzn-errortype")?.split(":")[0] };
  };
