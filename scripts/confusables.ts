import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import data from "unhomoglyph/data.json" with { type: "json" };
import { confusables } from "./confusables/table.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Writes chat/confusables.json from Unicode's confusables.txt, which the package unhomoglyph contains.

  npm run confusables

  --help            this text`;

await runCommand(async () => {
  const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
  if (values.help) return console.log(HELP);
  await writeFile(
    new URL("../chat/confusables.json", import.meta.url),
    `${JSON.stringify(confusables(data), undefined, 2)}\n`,
  );
  console.log("chat/confusables.json is written. Commit it.");
});
