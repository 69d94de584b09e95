/** The data of a REPORT line. */
export interface InvocationReport {
  readonly requestId: string;
  readonly milliseconds: number;
  readonly memoryMegabytes: number;
  /** The memory of the thread after the handler; 0 if it was not measured. */
  readonly memoryBytes: number;
  /** Only for a cold start. */
  readonly initMilliseconds?: number | undefined;
  readonly errorType?: string | undefined;
}

const MEGABYTE = 1024 * 1024;

/** The lines of Lambda's text format. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html */
export const startLine = (requestId: string): string => `START RequestId: ${requestId} Version: $LATEST`;
export const endLine = (requestId: string): string => `END RequestId: ${requestId}`;
export const initLine = (): string => `INIT_START Runtime Version: nodejs:${process.versions.node}`;

/** Lambda rounds up to a millisecond, and has billed cold starts since August 2025. */
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
