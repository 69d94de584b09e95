import type { StageName } from "./metrics.ts";
import type { Environment } from "./settings.ts";

/** What of a stack has metrics worth a look. */
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
}
