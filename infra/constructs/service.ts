import type { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group/index.js";
import { Construct } from "constructs";
import type { Rules } from "../../chatops/rules.ts";
import type { Service as ServiceRow } from "../../chatops/service.ts";
import type { Route } from "../../handlers/routes.ts";
import type { ChatOpsProps } from "./chat-ops.ts";
import { FailedEvents } from "./failed-events.ts";
import { Schedule } from "./schedule.ts";
import { Secret } from "./secret.ts";
import { WebSocketRoute } from "./websocket-route.ts";

export interface ServiceProps extends Omit<ChatOpsProps, "services"> {
  readonly service: ServiceRow;
  readonly rules: Rules;
  readonly ownKmsKey: boolean;
  /** Undefined for a service that cannot rotate. */
  readonly rotation: { readonly group: SchedulerScheduleGroup; readonly every: string } | undefined;
}

/** What the schedule has a service's function do. */
const ROTATE = { action: "rotate" };

/** A service of chat-ops in AWS: its route with function and role, its secret, its schedule, and what fails of it. */
export class Service extends Construct {
  readonly functionName: string;
  /** Of the failed events. */
  readonly queueName: string;

  constructor(scope: Construct, props: ServiceProps) {
    super(scope, props.service.key);
    const { environment, alarmTarget, rotation, service } = props;
    const { key: name } = service;
    const failed = new FailedEvents(this, "failed-events", { name, environment, alarmTarget });
    const { lambda } = this.#createRoute(props, failed);
    failed.take(lambda, name);
    if (rotation) new Schedule(this, "schedule", { name, environment, ...rotation, lambda, event: ROTATE, failed });
    this.functionName = lambda.functionName;
    this.queueName = failed.queueName;
  }

  #createRoute({ service, rules, row, ...props }: ServiceProps, failed: FailedEvents): WebSocketRoute {
    const { environment, ownKmsKey, table, api, bundle } = props;
    const { key: name, title } = service;
    const description = `The credential for ${title}. Set it: npm run secret -- ${name}.`;
    const secret = new Secret(this, "secret", { name, description, environment, ownKmsKey });
    const route: Route = { ...row, key: name, entry: name, routeResponse: true };
    return new WebSocketRoute(this, {
      api,
      route,
      bundle,
      environment,
      authorization: { authorizationType: "NONE" },
      granted: [...props.granted, ...table.grantService(name), ...secret.grantRotate(), failed.grantSend()],
      variables: { SERVICE: name, CHAT_OPS_RULES: JSON.stringify(rules) },
    });
  }
}
