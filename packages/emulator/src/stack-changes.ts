import { isDeepStrictEqual } from "node:util";
import type { Stack } from "./terraform/stack.ts";
import type { TableConfig } from "./terraform/tables.ts";

/** What an update has changed. */
export interface StackChanges {
  /** A phrase for each change, such as `added the route join`. Empty if nothing has changed. */
  readonly changes: readonly string[];
  /** As in the stack: what is probably a mistake. */
  readonly warnings: readonly string[];
}

/** The reasons why a running emulator cannot change from one stack to another. Each one asks for a restart. */
export function restartReasons(current: Stack, next: Stack): string[] {
  const fixed = [
    ["The region", current.region, next.region],
    ["The name of the stage", current.stage.name, next.stage.name],
    ["The id of the API", current.stage.apiId, next.stage.apiId],
  ] as const;
  return [
    ...fixed
      .filter(([, before, after]) => before !== after)
      .map(([what, before, after]) => `${what} changed from ${before} to ${after}. ${RESTART}`),
    ...(isDeepStrictEqual(current.functionUrls, next.functionUrls) ? [] : [`The function URLs changed. ${RESTART}`]),
    ...current.tables.flatMap((table) => tableReasons(table, next.tables)),
  ];
}

const RESTART = "Restart the emulator to apply this.";

function tableReasons(table: TableConfig, next: readonly TableConfig[]): string[] {
  const after = next.find(({ name }) => name === table.name);
  if (!after) return [`The table ${table.name} is no longer in the stack, and its items would be lost. ${RESTART}`];
  const isSame = isDeepStrictEqual([table.keys, table.indexes], [after.keys, after.indexes]);
  return isSame ? [] : [`The keys or indexes of the table ${table.name} changed. ${RESTART}`];
}

/** Phrases for the differences of two stacks, such as `added the route join`. */
export function changesBetween(current: Stack, next: Stack, changedFunctions: readonly string[]): string[] {
  const { routes: _, stage, ...rest } = next;
  const byName = <Item extends { readonly name: string }>(items: readonly Item[]) =>
    new Map(items.map((item) => [item.name, item]));
  const byKey = ({ routes }: Stack) => new Map(routes.map((route) => [route.key, route]));
  const byAddress = ({ roles }: Stack) => new Map([...roles.values()].map((role) => [role.address, role]));
  const functions = new Map(rest.functions.map(({ name }) => [name, changedFunctions.includes(name)]));
  return [
    ...differences("route", byKey(current), byKey(next)),
    ...differences("function", new Map(current.functions.map(({ name }) => [name, false])), functions),
    ...differences("role", byAddress(current), byAddress(next)),
    ...differences("table", byName(current.tables), byName(next.tables)),
    ...differences("secret", byName(current.secrets), byName(next.secrets)),
    ...differences("schedule", byName(current.schedules), byName(next.schedules)),
    ...differences("event bus", new Map(current.eventBuses.map(unchanged)), new Map(next.eventBuses.map(unchanged))),
    ...differences("event rule", byName(current.eventRules), byName(next.eventRules)),
    ...differences("queue", byName(current.queues), byName(next.queues)),
    ...(isDeepStrictEqual(current.stage, stage) ? [] : ["changed the stage"]),
  ];
}

const unchanged = (name: string) => [name, true] as const;

function differences(kind: string, current: ReadonlyMap<string, unknown>, next: ReadonlyMap<string, unknown>) {
  const phrases = (verb: string, names: Iterable<string>) => [...names].map((name) => `${verb} the ${kind} ${name}`);
  const isChanged = (name: string) => current.has(name) && !isDeepStrictEqual(current.get(name), next.get(name));
  return [
    ...phrases(
      "added",
      [...next.keys()].filter((name) => !current.has(name)),
    ),
    ...phrases("changed", [...next.keys()].filter(isChanged)),
    ...phrases(
      "removed",
      [...current.keys()].filter((name) => !next.has(name)),
    ),
  ];
}
