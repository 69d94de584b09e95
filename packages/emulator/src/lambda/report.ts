/** What Lambda tells of an invocation once it is over. */
export interface InvocationReport {
  readonly requestId: string;
  readonly milliseconds: number;
  readonly memoryMegabytes: number;
  /** What the thread held when it answered; nothing where it never did. */
  readonly memoryBytes: number;
  /** Of a cold start alone. */
  readonly initMilliseconds?: number | undefined;
  readonly errorType?: string | undefined;
}

const MEGABYTE = 1024 * 1024;

/** The lines of Lambda's text format. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html */
export const startLine = (requestId: string): string => `START RequestId: ${requestId} Version: $LATEST`;
export const endLine = (requestId: string): string => `END RequestId: ${requestId}`;
export const initLine = (): string => `INIT_START Runtime Version: nodejs:${process.versions.node}`;

/** Lambda bills whole milliseconds, and since August 2025 those of a cold start too. */
export function reportLine(report: InvocationReport): string {
  const { requestId, milliseconds, memoryMegabytes, memoryBytes, initMilliseconds, errorType } = report;
  const used = Math.min(memoryMegabytes, Math.ceil(memoryBytes / MEGABYTE));
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${milliseconds.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(milliseconds + (initMilliseconds ?? 0))} ms`,
    `Memory Size: ${memoryMegabytes} MB`,
    ...(memoryBytes > 0 ? [`Max Memory Used: ${used} MB`] : []),
    ...(initMilliseconds === undefined ? [] : [`Init Duration: ${initMilliseconds.toFixed(2)} ms`]),
    ...(errorType === undefined ? [] : statusOf(errorType)),
  ].join("\t");
}

const statusOf = (errorType: string): string[] =>
  errorType === "Sandbox.Timedout" ? ["Status: timeout"] : ["Status: error", `Error Type: ${errorType}`];
