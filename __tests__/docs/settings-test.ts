import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { environmentSchema } from "../../infra/settings/settings.ts";
import { ROOT } from "../support/project-copy.ts";

const readme = readFileSync(join(ROOT, "README.md"), "utf8");

/** The first cells of the table under "Configure it". */
const told = [...(readme.split("\n## Configure it\n")[1]?.split("\n## ")[0] ?? "").matchAll(/^\| (`.*?) \|/gm)].flatMap(
  ([, cell = ""]) => [...cell.matchAll(/`(\w+)`/g)].map(([, setting = ""]) => setting),
);

/** Settings of earlier versions, which are rejected with a remedy. */
const isRefused = (setting: object): boolean =>
  "wrapped" in setting && (setting.wrapped as { readonly type: string }).type === "never";

const settings = Object.entries(environmentSchema.entries)
  .filter(([, setting]) => !isRefused(setting))
  .map(([name]) => name);

describe("README.md", () => {
  it("has a row for every setting of an environment, and for no other", () => {
    expect(told).to.have.members(settings);
  });
});
