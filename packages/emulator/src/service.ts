/** A request to an AWS service. Header names are in lower case, as in Node.js. */
export interface ServiceRequest {
  readonly method: string;
  /** Includes the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Authorizes a request and responds as the service does. */
export type ServiceHandler = (request: ServiceRequest) => ServiceResponse | Promise<ServiceResponse>;
