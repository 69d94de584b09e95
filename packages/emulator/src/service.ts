/** A request to a service of AWS, with its whole body. Header names are in lower case, as in Node.js. */
export interface ServiceRequest {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Plays a service: authorizes a request and responds. */
export type Service = (request: ServiceRequest) => ServiceResponse | Promise<ServiceResponse>;
