import type { SourcedEvent } from "./follow.ts";

/** A line in Lambda's JSON format, in the embedded metric format, or of an access log. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html */
interface JsonMessage {
  readonly level?: unknown;
  readonly timestamp?: unknown;
  readonly message?: unknown;
  readonly _aws?: unknown;
  readonly [name: string]: unknown;
}

/** Formats an event like `npm start`: time, level, source, message. */
export function lineOf({ timestamp, source, message }: Omit<SourcedEvent, "id">): string {
  const json = parse(message);
  const level = typeof json?.level === "string" ? json.level : "INFO";
  const time = new Date(timestamp).toISOString().slice(11, 19);
  return `${time} ${level.padEnd(5)} ${source} ${json ? textOf(json) : message.trimEnd()}`;
}

function textOf(json: JsonMessage): string {
  const { level, timestamp, _aws, ...rest } = json;
  if (_aws !== undefined) return `METRICS ${JSON.stringify(rest)}`;
  if (json.message === undefined) return JSON.stringify(json);
  return typeof json.message === "string" ? json.message : JSON.stringify(json.message);
}

function parse(message: string): JsonMessage | undefined {
  try {
    const json = JSON.parse(message);
    return json && typeof json === "object" && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
