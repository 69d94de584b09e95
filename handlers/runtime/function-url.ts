/** A request to the URL of a function. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload */
export interface UrlEvent {
  readonly rawPath: string;
  /** The names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

export interface UrlResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A refused request: the HTTP status, and a sentence about what is wrong. */
export interface UrlRefusal {
  readonly statusCode: 400 | 404 | 405 | 415;
  readonly problem: string;
}

export const isUrlEvent = (event: unknown): event is UrlEvent =>
  typeof event === "object" && event !== null && "requestContext" in event && "rawPath" in event && "headers" in event;

/** The JSON in the body of a `POST` to one path. */
export function jsonIn(event: UrlEvent, path: string): { readonly value: unknown } | UrlRefusal {
  const { rawPath, headers, requestContext, body = "", isBase64Encoded } = event;
  const { method } = requestContext.http;
  const type = headers["content-type"];
  if (rawPath !== path) return { statusCode: 404, problem: `The path is ${rawPath}; it must be ${path}.` };
  if (method !== "POST") return { statusCode: 405, problem: `The method is ${method}; it must be POST.` };
  if (!/^application\/json *(;|$)/i.test(type ?? "")) {
    return { statusCode: 415, problem: `The content type is ${type ?? "missing"}; it must be application/json.` };
  }
  try {
    return { value: JSON.parse(isBase64Encoded ? Buffer.from(body, "base64").toString() : body) };
  } catch {
    return { statusCode: 400, problem: "The body is not valid JSON." };
  }
}

export const jsonResponse = (statusCode: number, body: object): UrlResponse => ({
  statusCode,
  headers: { "content-type": "application/json", ...(statusCode === 405 && { allow: "POST" }) },
  body: JSON.stringify(body),
});
