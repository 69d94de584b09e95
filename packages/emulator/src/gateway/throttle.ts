import type { StageConfig, ThrottleConfig } from "../terraform/stage.ts";

/** Of an account in a region, shared by all APIs and by calls of `@connections`. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const ACCOUNT: ThrottleConfig = { requestsPerSecond: 10_000, burst: 5_000 };

/** New connections of an account in a region (HS-34). https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const HANDSHAKES: ThrottleConfig = { requestsPerSecond: 500, burst: 500 };

/** Says whether one more may pass. */
export interface Throttle {
  /** A handshake or a message, by the route it takes; a message may take none. */
  admits(routeKey: string | undefined): boolean;
  /** A call of `@connections`. */
  admitsCallback(): boolean;
}

export const noThrottle: Throttle = { admits: () => true, admitsCallback: () => true };

/**
 * The buckets of a stage. A route with settings of its own has a bucket of its own; all others share the stage's.
 * `$disconnect` passes always: nothing says that AWS throttles it, and a chat that lost it would not tidy up.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
 */
export function stageThrottle({ throttle, routeThrottles }: StageConfig, now: () => number): Throttle {
  const account = tokenBucket(ACCOUNT, now);
  const handshakes = tokenBucket(HANDSHAKES, now);
  const stage = throttle ? tokenBucket(throttle, now) : () => true;
  const routes = new Map(Object.entries(routeThrottles).map(([key, config]) => [key, tokenBucket(config, now)]));
  return {
    admits(routeKey) {
      if (routeKey === "$connect" && !handshakes()) return false;
      const own = routeKey === undefined ? undefined : routes.get(routeKey);
      return account() && (own ?? stage)();
    },
    admitsCallback: account,
  };
}

/** Starts full, with a whole burst. Each call takes a token, and is false when there is none. */
function tokenBucket({ requestsPerSecond, burst }: ThrottleConfig, now: () => number): () => boolean {
  let tokens = requestsPerSecond > 0 ? burst : 0;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * requestsPerSecond);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
