import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus/index.js";
import { Construct } from "constructs";
import { awsName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import { type Statement, statementId } from "./grant.ts";

/** The bus that gets the events of an environment. Other programs add rules to it. */
export class EventBus extends Construct {
  readonly arn: string;
  readonly busName: string;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const bus = new CloudwatchEventBus(this, "bus", { name: awsName(environment, "events") });
    withId(bus, "events");
    this.arn = bus.arn;
    this.busName = bus.name;
  }

  grantPut(): Statement {
    return { Sid: statementId("put events"), Effect: "Allow", Action: ["events:PutEvents"], Resource: [this.arn] };
  }
}
