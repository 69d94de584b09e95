import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group/index.js";
import { Construct } from "constructs";
import { RULES, type Rules } from "../../chatops/rules.ts";
import { isUnsupported, type Service as ServiceRow } from "../../chatops/service.ts";
import type { FunctionDefinition, Route } from "../../handlers/routes.ts";
import type { Bundle } from "../bundle.ts";
import { stackName, withId } from "../names.ts";
import type { AlarmTarget } from "../observability/alarm-target.ts";
import type { ChatOpsSettings } from "../settings/chat-ops.ts";
import type { Environment } from "../settings/settings.ts";
import { FailedEvents } from "./failed-events.ts";
import { type FunctionResources, functionVariables } from "./function-variables.ts";
import type { Statement } from "./grant.ts";
import { Schedule } from "./schedule.ts";
import { Secret } from "./secret.ts";
import { WebSocketRoute } from "./websocket-route.ts";

export interface ChatOpsProps {
  readonly environment: Environment;
  /** The rows of chatops/services.ts. */
  readonly services: readonly ServiceRow[];
  /** The row of the function that every service has, and its code. */
  readonly row: FunctionDefinition;
  readonly bundle: Bundle;
  /** The permissions that the functions of all services have. */
  readonly statements: readonly Statement[];
  readonly resources: FunctionResources;
  readonly alarmTarget: AlarmTarget | undefined;
}

/** The services that an environment has enabled. Nothing is deployed for the others. */
export class ChatOps extends Construct {
  readonly enabled: readonly Service[];

  constructor(scope: Construct, id: string, props: ChatOpsProps) {
    super(scope, id);
    const { chatOps } = props.environment;
    this.enabled = chatOps ? this.#enable(props, chatOps) : [];
  }

  #enable({ services, ...props }: ChatOpsProps, settings: ChatOpsSettings): Service[] {
    const rows = services.filter(({ key }) => Object.hasOwn(settings.services, key));
    const rotates = ({ actions }: ServiceRow): boolean => !isUnsupported(actions.rotate);
    const group = rows.some(rotates) ? this.#createScheduleGroup(props.environment) : undefined;
    return rows.map((service) => {
      const { rotateEvery: every = settings.rotateEvery } = settings.services[service.key] ?? {};
      const rotation = group && rotates(service) ? { group, every } : undefined;
      const { ownKmsKey = false } = settings;
      return new Service(this, { ...props, service, rotation, rules: rulesOf(settings), ownKmsKey });
    });
  }

  #createScheduleGroup(environment: Environment): SchedulerScheduleGroup {
    const group = new SchedulerScheduleGroup(this, "schedules", { name: stackName(environment) });
    return withId(group, "chat-ops");
  }
}

const rulesOf = ({ confirmationMinutes, groups }: ChatOpsSettings): Rules => ({
  ...RULES,
  groups: { ...RULES.groups, ...groups },
  confirmationSeconds: confirmationMinutes * 60,
});

export interface ServiceProps extends Omit<ChatOpsProps, "services"> {
  readonly service: ServiceRow;
  readonly rules: Rules;
  readonly ownKmsKey: boolean;
  /** Undefined for a service without rotation. */
  readonly rotation: { readonly group: SchedulerScheduleGroup; readonly every: string } | undefined;
}

/** The event that the schedule sends to the function of a service. */
const ROTATE = { action: "rotate" };

/** A service of chat-ops in AWS: its route with function and role, its secret, its schedule and its failed events. */
export class Service extends Construct {
  readonly functionName: string;
  /** The queue of failed events. */
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
    const { environment, ownKmsKey, resources, bundle } = props;
    const { key: name, title } = service;
    const { table, api } = resources;
    const description = `The credential for ${title}. Set it: npm run secret -- ${name}.`;
    const secret = new Secret(this, "secret", { name, description, environment, ownKmsKey });
    const route: Route = { ...row, key: name, entry: name, routeResponse: true };
    const own = { service: name, secretArn: secret.arn, chatOpsRules: rules };
    return new WebSocketRoute(this, {
      api,
      route,
      bundle,
      environment,
      authorization: { authorizationType: "NONE" },
      statements: [...props.statements, ...table.grantService(name), ...secret.grantRotate(), failed.grantSend()],
      variables: functionVariables(row.settings, resources, own),
    });
  }
}
