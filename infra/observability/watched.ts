import type { Environment } from "../settings/settings.ts";
import type { StageName } from "./metrics.ts";

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
  /** Whether it is an authorizer. Lambda counts each 401 of an authorizer as an error. */
  readonly failsToRefuse: boolean;
}
