import type { IncomingMessage } from "node:http";
import type { IdentitySource } from "../terraform/authorizers.ts";
import type { StageConfig } from "../terraform/stage.ts";
import type { RequestContext } from "./events.ts";
import { queryValues } from "./handshake-request.ts";

export interface Evidence {
  readonly request: IncomingMessage;
  readonly requestContext: RequestContext;
  readonly stage: StageConfig;
}

/** Whether every identity source has a value; an authorizer is not asked otherwise (AU-04). */
export const hasIdentity = (sources: readonly IdentitySource[], evidence: Evidence): boolean =>
  sources.every((source) => evidenceOf(source, evidence));

function evidenceOf({ from, name }: IdentitySource, { request, requestContext, stage }: Evidence): unknown {
  switch (from) {
    case "header":
      return request.headers[name.toLowerCase()];
    case "querystring":
      return queryValues(request)[name]?.at(-1);
    case "stageVariables":
      return stage.variables[name];
    case "context":
      return contextVariable(requestContext, name);
  }
}

/** A variable of `$context` such as `identity.sourceIp`; undefined when there is none. */
export const contextVariable = (context: Readonly<Record<string, unknown>>, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === "object" && inner !== null && Object.hasOwn(inner, name)
          ? (inner as Record<string, unknown>)[name]
          : undefined,
      context,
    );
