import { now } from "../runtime.ts";
import { type Credentials, type Scope, signer, type Unsigned } from "./signature.ts";

export interface Service extends Omit<Scope, "host"> {
  /** The address under which all paths are. */
  readonly endpoint: string;
  /** Asked before each request: who gives them renews them. */
  readonly credentials: () => Promise<Credentials>;
}

export interface Sending extends Pick<Unsigned, "path"> {
  readonly method?: Unsigned["method"];
  readonly body?: string;
  /** Headers that are not signed, because proxies may change them. Names are in lower case. */
  readonly unsigned?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** The name of what is wrong, where AWS gives one. */
  readonly errorType: string | undefined;
}

/** How signed requests get to where they go. Rejects when no answer comes. */
export type Transport = (origin: string) => (request: Signed) => Promise<Answer>;

export interface Signed extends Unsigned {
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends requests to one AWS service, signed with Signature Version 4. A tenth of the CPU that the SDK's client takes, which
 * builds a stack of middleware for each call.
 */
export function signedRequests({ endpoint, credentials, ...scope }: Service, transport: Transport) {
  const { origin, host, pathname } = new URL(endpoint);
  const base = pathname.replace(/\/$/, "");
  const sign = signer({ ...scope, host });
  const send = transport(origin);
  return async ({ method = "POST", path, body = "", unsigned }: Sending): Promise<Answer> => {
    const request = { method, path: base + path, body };
    const signed = sign(request, { credentials: await credentials(), now: now() });
    return send({ ...request, headers: unsigned ? { ...unsigned, ...signed } : signed });
  };
}
