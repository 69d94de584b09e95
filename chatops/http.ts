/* The one port to the services: a request, and what it came to. */

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** By name, in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/** Whether the body is JSON by its content type. https://www.rfc-editor.org/rfc/rfc6839#section-3.1 */
export const isJson = ({ header }: HttpAnswer): boolean =>
  /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(header("content-type") ?? "");

/** No answer came: none could be had, or none within the time. */
export interface NoAnswer {
  readonly fault: "unreachable" | "slow";
  /** The name of what went wrong, for example `ECONNREFUSED`. */
  readonly name: string;
}

/** Follows no redirect: a credential goes where it is sent, and nowhere else. Rejects never. */
export type Http = (request: HttpRequest, timeoutMilliseconds: number) => Promise<HttpAnswer | NoAnswer>;
