import type { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group/index.js";
import { Construct } from "constructs";
import type { Rules } from "../chatops/rules.ts";
import type { Service as ServiceRow } from "../chatops/service.ts";
import type { Route } from "../handlers/routes.ts";
import type { ChatOpsProps } from "./chat-ops.ts";
import { FailedEvents } from "./failed-events.ts";
import { Schedule } from "./schedule.ts";
import { Secret } from "./secret.ts";
import { WebSocketRoute } from "./websocket-route.ts";

export interface ServiceProps extends Omit<ChatOpsProps, "services"> {
  readonly service: ServiceRow;
  readonly rules: Rules;
  /** Undefined for a service that cannot rotate. */
  readonly rotation: { readonly group: SchedulerScheduleGroup; readonly every: string } | undefined;
}

/** What the schedule has a service's function do. */
const ROTATE = { action: "rotate" };

/** A service of chat-ops in AWS: its route with function and role, its secret, its schedule, and what fails of it. */
export class Service extends Construct {
  constructor(scope: Construct, { service, rotation, rules, ...props }: ServiceProps) {
    super(scope, service.key);
    const { key: name, title } = service;
    const { environment, settings, api, table, row, bundle } = props;
    const failed = new FailedEvents(this, "failed-events", { name, environment });
    const secret = new Secret(this, "secret", {
      name,
      description: `The credential for ${title}. Set it: npm run secret -- ${name}.`,
      environment,
      ownKmsKey: settings.ownKmsKey === true,
    });
    const route: Route = { ...row, key: name, entry: name, routeResponse: true };
    const { lambda } = new WebSocketRoute(this, {
      api,
      route,
      bundle,
      environment,
      authorization: { authorizationType: "NONE" },
      granted: [...props.granted, ...table.grantService(name), ...secret.grantRotate(), failed.grantSend()],
      variables: { SERVICE: name, CHAT_OPS_RULES: JSON.stringify(rules) },
    });
    failed.take(lambda, name);
    if (!rotation) return;
    new Schedule(this, "schedule", { name, environment, ...rotation, lambda, event: ROTATE, failed });
  }
}
