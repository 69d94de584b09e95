import * as v from "valibot";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Expects the name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/** The request failed, or timed out. */
export interface NoResponse {
  readonly fault: "unreachable" | "slow";
  /** The name of the error, for example `ECONNREFUSED`. */
  readonly name: string;
}

/** Never follows a redirect, which would send the credential to another URL. Never rejects. */
export type Http = (request: HttpRequest, timeoutMilliseconds: number) => Promise<HttpResponse | NoResponse>;

/** Whether the content type is JSON. https://www.rfc-editor.org/rfc/rfc6839#section-3.1 */
export const isJson = ({ header }: HttpResponse): boolean =>
  /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(header("content-type") ?? "");

/** The base URL of a service. Credentials require TLS, except on a loopback address. */
export const serviceUrl = v.pipe(
  v.string(),
  v.url(),
  v.regex(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/),
  v.transform((url) => url.replace(/\/+$/, "")),
);
