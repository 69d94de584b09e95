import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group/index.js";
import { Construct } from "constructs";
import { RULES, type Rules } from "../../chatops/rules.ts";
import { isUnsupported, type Service as ServiceRow } from "../../chatops/service.ts";
import type { Worker as WorkerRow } from "../../handlers/routes.ts";
import type { Bundle } from "../bundle.ts";
import { stackName, withId } from "../names.ts";
import type { AlarmTarget } from "../observability/alarm-target.ts";
import type { ChatOpsSettings } from "../settings/chat-ops.ts";
import type { Environment } from "../settings/settings.ts";
import type { Granted } from "./grant.ts";
import { Service } from "./service.ts";
import type { Table } from "./table.ts";
import type { WebSocketApi } from "./websocket-api.ts";

export interface ChatOpsProps {
  readonly environment: Environment;
  /** Every service that there is. */
  readonly services: readonly ServiceRow[];
  /** The function of each, and its code. */
  readonly row: WorkerRow;
  readonly bundle: Bundle;
  /** What the functions of all services may do. */
  readonly granted: readonly Granted[];
  readonly api: WebSocketApi;
  readonly table: Table;
  readonly alarmTarget: AlarmTarget | undefined;
}

/** The services that an environment has enabled. Of the others there is nothing. */
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
