import aws4 from "aws4";
import type { Credentials } from "../../src/iam/principal.ts";
import type { SignedRequest } from "../../src/iam/signature.ts";

export interface Signing {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly service?: string;
  readonly region?: string;
  /** Epoch milliseconds. */
  readonly now?: number;
  /** Signs in the query string instead of a header. */
  readonly signQuery?: boolean;
}

/** A request signed by aws4, as a server receives it: with headers in lower case. */
export function aws4Signed(
  credentials: Credentials,
  { now = Date.now(), headers = {}, service = "execute-api", ...rest }: Signing = {},
): SignedRequest {
  const date = new Date(now).toISOString().replaceAll(/[:-]|\.\d{3}/g, "");
  const query = { method: "GET", path: "/dev", body: "", host: "127.0.0.1:3001", service, ...rest };
  const own = rest.signQuery
    ? { path: withDate(query.path, date), headers }
    : { headers: { ...headers, "X-Amz-Date": date } };
  const signed = aws4.sign({ ...query, ...own }, credentials);
  const lowered = Object.entries(signed.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { method: query.method, path: String(signed.path), body: query.body, headers: Object.fromEntries(lowered) };
}

const withDate = (path: string, date: string): string => `${path}${path.includes("?") ? "&" : "?"}X-Amz-Date=${date}`;
