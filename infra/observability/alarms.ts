import { Construct } from "constructs";
import { Alarm } from "./alarm.ts";
import { alarmRules } from "./alarm-rules.ts";
import type { AlarmTarget } from "./alarm-target.ts";
import type { Watched } from "./watched.ts";

export interface AlarmsProps extends Watched {
  readonly target: AlarmTarget;
}

/** The alarms of an environment with `alarmEmail`. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { target, ...watched }: AlarmsProps) {
    super(scope, id);
    const { environment } = watched;
    for (const rule of alarmRules(watched)) new Alarm(this, { environment, target, rule });
  }
}
