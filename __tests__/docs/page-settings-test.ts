import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { pageFeaturesOf } from "../../infra/settings/website.ts";
import { ROOT } from "../support/project-copy.ts";

const features = Object.keys(
  pageFeaturesOf({
    moderators: ["moderators"],
    ownMessageMinutes: 15,
    reactions: true,
    lastingMembership: true,
    unreadCounts: true,
    directConversations: true,
  }),
);

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

describe("the settings of the page", () => {
  it("each have a row in docs/run-locally.md and a value in its example", () => {
    const [, section = ""] = read("docs/run-locally.md").split("### Settings of the page\n");
    const [example = "{}"] = /(?<=```json\n).*?(?=```)/s.exec(section) ?? [];
    expect(JSON.parse(example)).to.include.all.keys(features);
    for (const feature of features) expect(section).to.include(`| \`${feature}\` |`);
  });

  it("are listed in docs/website.md, in the row of config.json", () => {
    const [row = ""] = /^\| `config\.json` \|.*$/m.exec(read("docs/website.md")) ?? [];
    for (const feature of features.filter((each) => each !== "moderators")) expect(row).to.include(`\`${feature}\``);
  });
});
