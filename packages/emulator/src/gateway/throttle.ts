import type { Clock } from "../clock.ts";
import type { StageConfig, ThrottleConfig } from "../terraform/stage.ts";

/** The quota of an account in a region, which all APIs and calls of `@connections` share. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const ACCOUNT: ThrottleConfig = { requestsPerSecond: 10_000, burst: 5_000 };

/** New connections of an account in a region (HS-34). https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const HANDSHAKES: ThrottleConfig = { requestsPerSecond: 500, burst: 500 };

export interface Throttle {
  /** Takes one request of a handshake or a message. The route key is undefined if no route matches the message. */
  admits(routeKey: string | undefined): boolean;
  /** Takes one request to `@connections`. */
  admitsManagementCall(): boolean;
}

export const noThrottle: Throttle = { admits: () => true, admitsManagementCall: () => true };

/**
 * Throttles a stage. A route with its own settings has its own token bucket. The other routes share the stage's bucket.
 * `$disconnect` is not throttled: AWS documents no limit for it, and an API that misses it could not clean up.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
 */
export function stageThrottle({ throttle, routeThrottles }: StageConfig, elapsed: Clock["elapsed"]): Throttle {
  const account = tokenBucket(ACCOUNT, elapsed);
  const handshakes = tokenBucket(HANDSHAKES, elapsed);
  const stage = throttle ? tokenBucket(throttle, elapsed) : () => true;
  const routes = new Map(Object.entries(routeThrottles).map(([key, config]) => [key, tokenBucket(config, elapsed)]));
  return {
    admits(routeKey) {
      if (routeKey === "$connect" && !handshakes()) return false;
      const own = routeKey === undefined ? undefined : routes.get(routeKey);
      return account() && (own ?? stage)();
    },
    admitsManagementCall: account,
  };
}

/** The bucket starts full. Each call takes a token, and returns false if there is none. */
function tokenBucket({ requestsPerSecond, burst }: ThrottleConfig, elapsed: Clock["elapsed"]): () => boolean {
  let tokens = requestsPerSecond > 0 ? burst : 0;
  let filledAt = elapsed();
  return () => {
    const calledAt = elapsed();
    tokens = Math.min(burst, tokens + ((calledAt - filledAt) / 1000) * requestsPerSecond);
    filledAt = calledAt;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
