import { readFileSync, writeFileSync } from "node:fs";
import { type Route, routes } from "../handlers/routes.ts";

/* Writes what the README says of the route table from the route table. With --check it only looks. */

const README = new URL("../README.md", import.meta.url);
const SECTION = /(<!-- routes -->\n).*(<!-- \/routes -->)/s;

const row = ({ key, entry, does, grants }: Route): string =>
  `| \`${key}\` | [${entry}.ts](handlers/${entry}.ts) | ${does} | ${grants.join(", ") || "nothing"} |`;

const table = ["| route | handler | what it does | what it may do |", "|---|---|---|---|", ...routes.map(row), ""].join(
  "\n",
);

const written = readFileSync(README, "utf8");
const wanted = written.replace(SECTION, (_, start: string, end: string) => `${start}${table}${end}`);

if (!process.argv.includes("--check")) {
  writeFileSync(README, wanted);
} else if (written !== wanted) {
  console.error("README.md does not show the route table as handlers/routes.ts has it. Run: npm run docs");
  process.exitCode = 1;
}
