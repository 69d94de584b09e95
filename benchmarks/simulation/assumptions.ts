import type { Latency } from "./random.ts";

/** Assumed latencies of the services, as round trips, and the CPU time of the functions. */
export interface Assumptions {
  readonly latencies: {
    /** From a frame of a client to its function. */
    readonly route: Latency;
    readonly push: Latency;
    readonly table: Latency;
    readonly invoke: Latency;
    /** From the Invoke of an asynchronous event to its function. */
    readonly queue: Latency;
    readonly coldStart: Latency;
  };
  /** In milliseconds of a whole core. */
  readonly cpu: {
    /** Everything except the following. */
    readonly invocation: number;
    readonly push: number;
    readonly request: number;
    /** For each member that is read, in addition to the request. */
    readonly member: number;
    readonly handOver: number;
  };
  /** The memory of a function. CPU is proportional to it. */
  readonly memoryMegabytes: number;
  readonly cores: (memoryMegabytes: number) => number;
  /** The size of a member in the table. */
  readonly memberBytes: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MEGABYTES_PER_CORE = 1_769;

/** JavaScript uses one thread, so more memory than that does not help. */
const coresOf = (memoryMegabytes: number): number => Math.min(1, memoryMegabytes / MEGABYTES_PER_CORE);

/**
 * AWS does not guarantee latencies. These are round figures that users report within a region. The CPU time is
 * more than `npm run simulate -- --check` measures with warm functions, because functions on AWS also encrypt. The parts of
 * a member and of a hand-over are estimates. The size of a member is from docs/costs.md.
 */
export const ASSUMPTIONS: Assumptions = {
  latencies: {
    route: { median: 15, p99: 60 },
    push: { median: 10, p99: 60 },
    table: { median: 5, p99: 25 },
    invoke: { median: 15, p99: 60 },
    queue: { median: 30, p99: 200 },
    coldStart: { median: 350, p99: 900 },
  },
  cpu: { invocation: 1, push: 0.08, request: 0.4, member: 0.005, handOver: 0.2 },
  memoryMegabytes: 256,
  cores: coresOf,
  memberBytes: 100,
};
