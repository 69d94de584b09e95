import { authorizer, type Route, routes, type Worker, workers } from "../../handlers/routes.ts";
import { table } from "./table.ts";

const row = ({ key, entry, does, grants }: Worker & Partial<Pick<Route, "key">>): readonly string[] => [
  key === undefined ? "" : `\`${key}\``,
  `[${entry}.ts](handlers/${entry}.ts)`,
  does,
  grants.join(", ") || "nothing",
];

/** For who deploys the chat. */
export const routeTable = table(
  ["route", "handler", "what it does", "what it may do"],
  [...routes, ...workers, authorizer].map(row),
);
