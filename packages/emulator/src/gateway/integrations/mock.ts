import type { BackendAnswer, BackendRequest } from "./mapping.ts";

/** Takes what the request template made for the answer: `{"statusCode": 200}`. Undefined when it is no such thing (IN-07). */
export function answerMock({ body }: BackendRequest): BackendAnswer | undefined {
  const status = statusOf(body);
  return Number.isInteger(status) ? { selector: String(status), status: status as number, body } : undefined;
}

function statusOf(body: string): unknown {
  try {
    return JSON.parse(body)?.statusCode;
  } catch {
    return undefined;
  }
}
