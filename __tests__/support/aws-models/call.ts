import type { ServiceModel } from "./model.ts";

/** A request as the proxy receives it. */
export interface HttpRequest {
  readonly method: string;
  /** The path with its query string. */
  readonly url: string;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Parameters = Readonly<Record<string, unknown>>;

/** How the request and its errors are written. */
export type Protocol = "json" | "query" | "rest-json" | "rest-xml";

/** A request as the operation that it calls. */
export interface Call {
  /** The name of botocore's folder, such as `apigatewayv2`. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly protocol: Protocol;
  readonly model: ServiceModel;
  /** By the names of the model's members. */
  readonly parameters: Parameters;
  /** What the request contains that the operation does not have. */
  readonly unknown: readonly Problem[];
}

/** What AWS would reject. */
export interface Problem {
  /** The member, such as `Environment.Variables.AWS_REGION`. */
  readonly member: string;
  /** A predicate with the value received and what is allowed. */
  readonly problem: string;
  /** A page of AWS, or the file and shape of the model. */
  readonly rule: string;
  /** AWS's error code, where it is not the service's usual one. */
  readonly code?: string;
  /** 400 when not given. */
  readonly status?: number;
}

/** Collects problems while values are read and checked. */
export type Report = (problem: Problem) => void;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value as a message shows it: at most 120 characters. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length <= 120 ? json : `${json.slice(0, 120)}… (${json.length} characters)`;
}
