import aws4 from "aws4";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface Service {
  /** As it stands in signatures. */
  readonly name: "execute-api" | "lambda";
  /** The address under which all paths are. */
  readonly endpoint: string;
  readonly region: string;
  /** Asked before each request: who gives them renews them. */
  readonly credentials: () => Promise<Credentials>;
}

export interface Sending {
  readonly method?: "POST" | "DELETE";
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** The name of what is wrong, where AWS gives one. */
  readonly errorType: string | undefined;
}

/** How signed requests get to where they go. Rejects when no answer comes. */
export type Transport = (origin: string) => (request: Signed) => Promise<Answer>;

export interface Signed {
  readonly method: "POST" | "DELETE";
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Sends requests to one AWS service, signed with Signature Version 4. A tenth of the CPU that the SDK's client takes, which
 * builds a stack of middleware for each call.
 */
export function signedRequests({ name: service, endpoint, region, credentials }: Service, transport: Transport) {
  const { origin, host, pathname } = new URL(endpoint);
  const base = pathname.replace(/\/$/, "");
  const send = transport(origin);
  return async ({ method = "POST", path, body = "", headers = {} }: Sending): Promise<Answer> => {
    const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
    const request = { service, region, host, method, path: base + path, body, headers: { ...headers } };
    const signed = aws4.sign(request, { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) });
    return send({ method, path: request.path, headers: signed.headers as Record<string, string>, body });
  };
}
