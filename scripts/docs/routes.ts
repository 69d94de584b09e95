import { type Route, routes } from "../../handlers/routes.ts";
import { table } from "./table.ts";

const row = ({ key, entry, does, grants }: Route): readonly string[] => [
  `\`${key}\``,
  `[${entry}.ts](handlers/${entry}.ts)`,
  does,
  grants.join(", ") || "nothing",
];

/** For who deploys the chat. */
export const routeTable = table(["route", "handler", "what it does", "what it may do"], routes.map(row));
