import type { StageName } from "./metrics.ts";
import type { Environment } from "./settings.ts";

/** The parts of a stack that have metrics. */
export interface Watched {
  readonly environment: Environment;
  readonly functions: readonly WatchedFunction[];
  readonly stage: StageName;
  readonly tableName: string;
  /** Queues of failed events. */
  readonly queueNames: readonly string[];
}

export interface WatchedFunction {
  readonly entry: string;
  readonly functionName: string;
  /** An authorizer: Lambda counts each handshake that it refuses with 401 among its errors. */
  readonly failsToRefuse: boolean;
}
