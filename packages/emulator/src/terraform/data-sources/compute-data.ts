import type { Place } from "../computed.ts";
import type { Instance } from "../language/instance.ts";
import type { OnRead } from "../language/source.ts";
import type { Result } from "../language/values.ts";

export interface DataContext extends Place {
  /** The folder of relative paths. */
  readonly folder: string;
  readonly onRead: OnRead;
}

/** Computes an attribute of a data source. */
export type ComputeData = (source: Instance, context: DataContext) => Result;
