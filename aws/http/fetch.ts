import type { Http, NoResponse } from "../../chatops/http.ts";

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
