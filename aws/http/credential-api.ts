import type { Http, NoResponse } from "../../chatops/http.ts";

/** The longest response body that is read. Responses of the services are far shorter. */
const BODY_BYTES_MAX = 1_048_576;

class TooLong extends Error {
  override readonly name = "TooLong";
}

/** Uses Node's fetch: a few requests an hour need no connection pool. */
export const overFetch: Http = async ({ url, ...init }, timeoutMilliseconds) => {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    const body = await textOf(response);
    return { status: response.status, header: (name) => response.headers.get(name) ?? undefined, body };
  } catch (fault) {
    return noAnswer(fault as Error);
  }
};

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) throw new TooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function noAnswer({ name, cause }: Error): NoResponse {
  if (name === "TimeoutError") return { fault: "slow", name };
  return { fault: "unreachable", name: (cause as NodeJS.ErrnoException | undefined)?.code ?? name };
}
