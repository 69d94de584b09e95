import type { Latency } from "./random.ts";

/** What is assumed of the services and of the functions' own work. Latencies are round trips. */
export interface Assumptions {
  readonly latencies: {
    /** From a client's frame to the function that takes it. */
    readonly route: Latency;
    readonly push: Latency;
    readonly table: Latency;
    /** Of Lambda's Invoke. */
    readonly invoke: Latency;
    /** From an asynchronous event's being taken to its function. */
    readonly queue: Latency;
    readonly coldStart: Latency;
  };
  /** Milliseconds of one whole core. */
  readonly cpu: {
    /** Of whatever a function does beside the following. */
    readonly invocation: number;
    readonly push: number;
    readonly request: number;
    /** Of each member that is read, beside the request. */
    readonly member: number;
    readonly handOver: number;
  };
  /** Of a function: buys CPU in proportion. */
  readonly memoryMegabytes: number;
  readonly cores: (memoryMegabytes: number) => number;
  /** Of a member, as the table stores it. */
  readonly memberBytes: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MEGABYTES_OF_A_CORE = 1_769;

/** JavaScript has one thread: more memory than a core's buys nothing. */
const coresOf = (memoryMegabytes: number): number => Math.min(1, memoryMegabytes / MEGABYTES_OF_A_CORE);

/**
 * AWS promises no latencies: these are the round figures that its users report from within a region. CPU is that of
 * the adapters in aws/, warm, as `process.cpuUsage` gives it for thousands of each on a core of an AMD EPYC. Members as in
 * docs/costs.md.
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
  cpu: { invocation: 1, push: 0.08, request: 1, member: 0.02, handOver: 0.2 },
  memoryMegabytes: 256,
  cores: coresOf,
  memberBytes: 100,
};
