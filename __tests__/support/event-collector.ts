import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EmulatorOptions } from "@serverless-chat/emulator";
import { strToU8, zipSync } from "fflate";

export interface ReceivedEvent {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const NAME = "collect-events";

const CODE = "export const handler = async (event) => console.info(event);";

const BUS = "$" + "{aws_cloudwatch_event_bus.events.name}";

/** A function that a rule of the chat's event bus invokes with all events, and what it has received. */
export class EventCollector {
  readonly received: ReceivedEvent[] = [];

  /** Adds the function and its rule to a synthesized chat. */
  readonly extend = (stackDirectory: string): void => {
    writeFileSync(join(stackDirectory, `${NAME}.zip`), zipSync({ "index.mjs": strToU8(CODE) }));
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const resource = {
      aws_iam_role: { [NAME]: { name: NAME, assume_role_policy: JSON.stringify({ Statement: [trust] }) } },
      aws_lambda_function: {
        [NAME]: {
          ...{ function_name: NAME, filename: `${NAME}.zip`, handler: "index.handler", runtime: "nodejs22.x" },
          role: `\${aws_iam_role.${NAME}.arn}`,
          logging_config: { log_format: "JSON" },
        },
      },
      aws_cloudwatch_event_rule: {
        [NAME]: { name: NAME, event_bus_name: BUS, event_pattern: JSON.stringify({ source: [{ prefix: "" }] }) },
      },
      aws_cloudwatch_event_target: {
        [NAME]: {
          ...{ rule: `\${aws_cloudwatch_event_rule.${NAME}.name}`, event_bus_name: BUS },
          arn: `\${aws_lambda_function.${NAME}.arn}`,
        },
      },
      aws_lambda_permission: {
        [NAME]: {
          ...{ function_name: NAME, action: "lambda:InvokeFunction", principal: "events.amazonaws.com" },
          source_arn: `\${aws_cloudwatch_event_rule.${NAME}.arn}`,
        },
      },
    };
    writeFileSync(join(stackDirectory, `${NAME}.tf.json`), JSON.stringify({ resource }));
  };

  readonly observe: NonNullable<EmulatorOptions["observe"]> = (event) => {
    if (event.kind === "logged" && event.source === NAME) this.received.push(event.message as ReceivedEvent);
  };

  /** The details of the events of a type, once there are this many. */
  async of(type: string, count = 1): Promise<ReceivedEvent["detail"][]> {
    for (;;) {
      const found = this.received.filter((event) => event["detail-type"] === type);
      if (found.length >= count) return found.map(({ detail }) => detail);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
