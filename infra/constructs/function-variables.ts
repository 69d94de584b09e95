import { type Config, type SettingLists, variablesOf } from "../../aws/config.ts";
import { functionSettingsIn } from "../settings/function-settings.ts";
import type { Environment } from "../settings/settings.ts";
import type { EventBus } from "./event-bus.ts";
import type { Table } from "./table.ts";
import type { WebSocketApi } from "./websocket-api.ts";

/** The resources that functions use. */
export interface FunctionResources {
  readonly table: Table;
  readonly api: WebSocketApi;
  readonly environment: Environment;
  /** Undefined in an environment without events. */
  readonly eventBus: EventBus | undefined;
  /** The origins of the environment's own page, if it has one. */
  readonly pageOrigins: readonly string[];
}

/** The settings that only one kind of function has. */
export type OwnSettings = Partial<Pick<Config, "tokenRules" | "service" | "secretArn" | "chatOpsRules">>;

/** The environment variables of a function: one for each setting that its row declares, and no others. */
export function functionVariables(
  lists: SettingLists,
  { table, api, environment, eventBus, pageOrigins }: FunctionResources,
  own: OwnSettings = {},
): Record<string, string> {
  const values: Partial<Config> = {
    ...functionSettingsIn(environment, pageOrigins),
    tableName: table.name,
    managementEndpoint: api.managementEndpoint,
    ...(eventBus && { eventBus: eventBus.busName }),
    ...own,
  };
  const names = lists.flat();
  const missing = names.filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw new Error(
      `The settings ${missing.join(", ")} have no value. Give them one in infra/settings/function-settings.ts, or remove them from handlers/settings.ts.`,
    );
  }
  return variablesOf(Object.fromEntries(names.map((name) => [name, values[name]])));
}
