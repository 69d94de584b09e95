import {
  authorizer,
  chatOps,
  eventSender,
  type FunctionDefinition,
  type Route,
  routes,
  workers,
} from "../../handlers/routes.ts";
import { table } from "./markdown.ts";

type Row = FunctionDefinition & Partial<Pick<Route, "key" | "needs">>;

const rows: readonly Row[] = [...routes, ...workers, eventSender, authorizer, chatOps];

/** The settings that enable the functions outside of the tables `routes` and `workers`. */
const REQUIRED: ReadonlyMap<FunctionDefinition, string> = new Map([
  [eventSender, "events"],
  [authorizer, "tokens"],
  [chatOps, "chat-ops"],
]);

const keyOf = ({ key }: Row): string => (key === undefined ? "" : `\`${key}\``);

/** For README.md. */
export const routeTable = table(
  ["route", "file", "purpose"],
  rows.map((row) => [keyOf(row), `[${row.entry}.ts](handlers/${row.entry}.ts)`, row.does]),
);

/** For docs/routes.md. */
export const permissionTable = table(
  ["route", "function", "exists with", "timeout", "permissions"],
  rows.map((row) => [
    keyOf(row),
    `[${row.entry}](../handlers/${row.entry}.ts)`,
    row.needs ?? REQUIRED.get(row) ?? "",
    `${row.timeoutSeconds} s`,
    row.grants.join(", ") || "none",
  ]),
);
