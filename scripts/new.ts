import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { type Change, writeChanges } from "./new/changes.ts";
import { routeChanges } from "./new/route.ts";
import { serviceChanges } from "./new/service.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Writes the files of a new route, or of a new chat-ops service. They work as they are: change them afterwards.

  npm run new -- route NAME      a row in handlers/routes.ts, the frame, the handler, the use case, its test and transcript
  npm run new -- service NAME    a row in chatops/services.ts, the service, its stand-in for tests and an example secret

  NAME    lowercase letters, digits and hyphens, starting with a letter, such as greet. Clients send it as "message".
  --help  this text

Run npm run update afterwards: it regenerates the documentation and every other derived file.`;

const GENERATORS: Readonly<Record<string, (name: string) => readonly Change[]>> = {
  route: routeChanges,
  service: serviceChanges,
};

await runCommand(async () => {
  const { positionals, values } = parseArgs({ options: { help: { type: "boolean" } }, allowPositionals: true });
  if (values.help) return console.log(HELP);
  const [kind = "", name = "", ...rest] = positionals;
  const changesOf = GENERATORS[kind];
  if (!changesOf || name === "" || rest.length > 0) {
    throw new Error(
      `Received "${positionals.join(" ")}". Use npm run new -- route NAME, or npm run new -- service NAME.`,
    );
  }
  const changes = changesOf(name);
  writeChanges(changes);
  const files = changes.map(({ path }) => path);
  // Long names change where the formatter breaks lines.
  const sources = files.filter((path) => path.endsWith(".ts"));
  execFileSync(process.execPath, ["node_modules/@biomejs/biome/bin/biome", "check", "--write", ...sources], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  console.log(`Wrote:\n${files.map((path) => `  ${path}`).join("\n")}\nNext, run: npm run update && npm test`);
});
