import { readFileSync, writeFileSync } from "node:fs";
import { publishCodes } from "../chat/protocol/publishing.ts";
import { alarmTable } from "./docs/alarms.ts";
import { asyncApi } from "./docs/asyncapi.ts";
import { failureTable, serviceActions, withExampleRow } from "./docs/chatops.ts";
import { costExamples, costSummary, servicesCost, unitTable, watchingTable } from "./docs/costs.ts";
import { eventsSchema, eventTable } from "./docs/events.ts";
import { clientFrames, errorTable, serverFrames, shown } from "./docs/frames.ts";
import { limitTable } from "./docs/limits.ts";
import { fillSections, sectionsIn, table } from "./docs/markdown.ts";
import { frameTables, handshakeTables, protocolCount } from "./docs/protocol-cases.ts";
import { permissionTable, routeTable } from "./docs/routes.ts";
import { withTests } from "./docs/rules.ts";
import { protocol, publishing } from "./docs/schema.ts";
import { userDataTable } from "./docs/user-data.ts";

/* Generates sections of the documents from the sources. With --check, only compares them. */

const publishErrorTable = table(
  ["code", "meaning"],
  Object.entries(publishCodes).map(([code, meaning]) => [`\`${code}\``, meaning]),
);

const fileAt = (path: string): URL => new URL(`../${path}`, import.meta.url);

const filled = (path: string, sections: Readonly<Record<string, string>>): string =>
  fillSections(readFileSync(fileAt(path), "utf8"), sections);

const wanted: Readonly<Record<string, string>> = {
  "README.md": filled("README.md", { routes: `\n${routeTable}\n`, cost: costSummary }),
  "docs/routes.md": filled("docs/routes.md", { permissions: `\n${permissionTable}\n` }),
  "docs/alarms.md": filled("docs/alarms.md", { alarms: `\n${alarmTable}\n` }),
  "docs/api-gateway-rules.md": withTests(readFileSync(fileAt("docs/api-gateway-rules.md"), "utf8")),
  // `npm run conformance:compare -- --write` measures the other sections.
  "docs/conformance.md": filled("docs/conformance.md", {
    ...sectionsIn(readFileSync(fileAt("docs/conformance.md"), "utf8")),
    protocol: protocolCount,
    handshakes: handshakeTables,
    frames: frameTables,
  }),
  "docs/chatops.md": withExampleRow(
    filled("docs/chatops.md", { actions: `\n${serviceActions}\n`, failures: `\n${failureTable}\n` }),
    readFileSync(fileAt("chatops/services.ts"), "utf8"),
  ),
  // `npm run bench:memory -- --write` measures the other section.
  "docs/costs.md": filled("docs/costs.md", {
    ...sectionsIn(readFileSync(fileAt("docs/costs.md"), "utf8")),
    units: `\n${unitTable}\n`,
    services: `\n${servicesCost}\n`,
    examples: `${costExamples}\n`,
    watching: `\n${watchingTable}\n`,
  }),
  "docs/events.md": filled("docs/events.md", { events: `\n${eventTable}\n` }),
  "docs/events.schema.json": `${JSON.stringify(eventsSchema, undefined, 2)}\n`,
  "docs/asyncapi.yaml": asyncApi,
  "docs/protocol.schema.json": `${JSON.stringify(protocol, undefined, 2)}\n`,
  "docs/publish.schema.json": `${JSON.stringify(publishing, undefined, 2)}\n`,
  "docs/publish.md": filled("docs/publish.md", { errors: `\n${publishErrorTable}\n` }),
  "docs/users-data.md": filled("docs/users-data.md", { kinds: `\n${userDataTable}\n` }),
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
    console.error(`${path} is out of date. Run: npm run docs`);
    process.exitCode = 1;
  }
}
