import { readFileSync, writeFileSync } from "node:fs";
import { alarmTable } from "./docs/alarms.ts";
import { failureTable, serviceActions, withExampleRow } from "./docs/chatops.ts";
import { costExamples } from "./docs/cost-examples.ts";
import { errorTable } from "./docs/errors.ts";
import { clientFrames, serverFrames, shown } from "./docs/frames.ts";
import { limitTable } from "./docs/limits.ts";
import { routeTable } from "./docs/routes.ts";
import { withTests } from "./docs/rules.ts";
import { protocol } from "./docs/schema.ts";
import { fillSections } from "./docs/sections.ts";
import { servicesCost } from "./docs/services-cost.ts";
import { unitTable } from "./docs/units.ts";
import { watchingTable } from "./docs/watching.ts";

/* Writes what the docs say of the routes and of the wire from the sources of both. With --check it only looks. */

const fileAt = (path: string): URL => new URL(`../${path}`, import.meta.url);

const filled = (path: string, sections: Readonly<Record<string, string>>): string =>
  fillSections(readFileSync(fileAt(path), "utf8"), sections);

const wanted: Readonly<Record<string, string>> = {
  "README.md": filled("README.md", { routes: routeTable }),
  "docs/alarms.md": filled("docs/alarms.md", { alarms: `\n${alarmTable}\n` }),
  "docs/api-gateway-rules.md": withTests(readFileSync(fileAt("docs/api-gateway-rules.md"), "utf8")),
  "docs/chatops.md": withExampleRow(
    filled("docs/chatops.md", { actions: `\n${serviceActions}\n`, failures: `\n${failureTable}\n` }),
    readFileSync(fileAt("chatops/services.ts"), "utf8"),
  ),
  "docs/costs.md": filled("docs/costs.md", {
    units: `\n${unitTable}\n`,
    services: `\n${servicesCost}\n`,
    examples: `${costExamples}\n`,
    watching: `\n${watchingTable}\n`,
  }),
  "docs/protocol.schema.json": `${JSON.stringify(protocol, undefined, 2)}\n`,
  "docs/protocol.md": filled("docs/protocol.md", {
    client: clientFrames,
    server: serverFrames,
    plain: `\n${shown("plain")}\n\n`,
    user: `\n${shown("user")}\n\n`,
    again: `\n${shown("again")}\n\n`,
    errors: `\n${errorTable}\n`,
    limits: `\n${limitTable}\n`,
  }),
};

for (const [path, text] of Object.entries(wanted)) {
  if (!process.argv.includes("--check")) {
    writeFileSync(fileAt(path), text);
  } else if (readFileSync(fileAt(path), "utf8") !== text) {
    console.error(`${path} is not what the sources say. Run: npm run docs`);
    process.exitCode = 1;
  }
}
