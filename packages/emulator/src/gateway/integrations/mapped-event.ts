import type { GatewayEvent } from "../events.ts";

type Values<Value> = Readonly<Record<string, Value>>;

/** An event of any kind, as templates and parameters look into it. */
export interface MappedEvent extends GatewayEvent {
  readonly body?: string;
  readonly headers?: Values<string>;
  readonly multiValueHeaders?: Values<readonly string[]>;
  readonly queryStringParameters?: Values<string>;
  readonly multiValueQueryStringParameters?: Values<readonly string[]>;
  readonly stageVariables?: Values<string>;
}
