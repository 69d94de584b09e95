import type { LambdaFunction } from "../lambda/function.ts";
import type { GatewayEvent } from "./events.ts";
import { type ProxyResult, readProxyResult } from "./proxy-result.ts";

/**
 * What calling a route's function came to. `silent`: it returned nothing at all, which a message's route may (RR-06).
 * `not-permitted`: its resource policy does not let API Gateway call it (HS-25).
 */
export type IntegrationOutcome =
  | { readonly kind: "result"; readonly result: ProxyResult }
  | { readonly kind: "silent" | "failed" | "timeout" | "not-permitted" };

/** Calls a route's function. When the time is up the function goes on, and its answer is lost (ER-10). */
export async function integrate(
  { timeoutMilliseconds }: { readonly timeoutMilliseconds: number },
  lambda: LambdaFunction,
  event: GatewayEvent,
): Promise<IntegrationOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<{ kind: "timeout" }>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "timeout" }), timeoutMilliseconds);
  });
  const outcome = await Promise.race([call(lambda, event), timeout]);
  clearTimeout(timer);
  return outcome;
}

async function call(lambda: LambdaFunction, event: GatewayEvent): Promise<IntegrationOutcome> {
  const invocation = await lambda.invoke(event);
  if (!("payload" in invocation)) return { kind: "failed" };
  if (invocation.payload === null) return { kind: "silent" };
  const result = readProxyResult(invocation.payload);
  return result ? { kind: "result", result } : { kind: "failed" };
}
