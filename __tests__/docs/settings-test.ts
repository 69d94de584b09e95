import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { environments, PROJECT, STATE_BUCKET } from "../../infra/environments.ts";
import { checkSettings } from "../../infra/settings/check-settings.ts";
import { type Environment, environmentSchema } from "../../infra/settings/settings.ts";
import { ROOT } from "../support/project-copy.ts";

const page = readFileSync(join(ROOT, "docs/settings.md"), "utf8");

/** The settings in the first column of the table under "All settings". */
const section = page.split("\n## All settings\n")[1]?.split("\n## ")[0] ?? "";
const documented = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = ""]) =>
  [...cell.matchAll(/`(\w+)`/g)].map(([, setting = ""]) => setting),
);

/** Settings of earlier versions, which are rejected with instructions. */
const isRejected = (setting: object): boolean =>
  "wrapped" in setting && (setting.wrapped as { readonly type: string }).type === "never";

const settings = Object.entries(environmentSchema.entries)
  .filter(([, setting]) => !isRejected(setting))
  .map(([name]) => name);

describe("docs/settings.md", () => {
  it("has a row for each setting of an environment and no other rows", () => {
    expect(documented).to.have.members(settings);
  });

  it("shows the error for a log retention that AWS does not allow", () => {
    const [start = ""] = /(?<=```console\n).*?(?= …)/s.exec(page) ?? [];
    const wrong = environments.map((environment) =>
      environment.name === "prod" ? ({ ...environment, logRetentionDays: 10 } as unknown as Environment) : environment,
    );
    expect(start).to.include("logRetentionDays is 10");
    expect(() => checkSettings({ project: PROJECT, environments: wrong, stateBucket: STATE_BUCKET })).to.throw(start);
  });
});
