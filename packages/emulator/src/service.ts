/** A request to a service of AWS, read whole. Header names are in lower case, as Node has them. */
export interface ServiceRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Plays a service: checks who asks, and answers. */
export type Service = (request: ServiceRequest) => ServiceResponse | Promise<ServiceResponse>;
