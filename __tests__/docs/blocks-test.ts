import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../support/project-copy.ts";
import { wscat } from "../support/pty.ts";
import { type RunningChat, startChat } from "../support/running-chat.ts";

/*
 * Each `sh` and `console` block of a document states which test runs it, or why no test does:
 *
 *   <!-- run by __tests__/scripts/cost-test.ts -->   on the line before the block
 *   <!-- not run: needs an AWS account -->           on the line before the block
 *   <!-- section not run: needs an AWS account -->   for all blocks up to the next heading
 */

const SELF = "__tests__/docs/blocks-test.ts";

const PAGES = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "README.md", "CONTRIBUTING.md", "docs/*.md"],
  { cwd: ROOT, encoding: "utf8" },
)
  .split("\n")
  .filter((page) => page !== "" && existsSync(join(ROOT, page)));

interface Block {
  /** The page and the line of the opening fence. */
  readonly place: string;
  readonly text: string;
  readonly runBy?: string | undefined;
  readonly isNotRun: boolean;
}

const ANY_BLOCK = /^ *```(\w*)\n(.*?)^ *```$/gms;
const RUN_BY = /^ *<!-- run by (\S+) -->$/;
const NOT_RUN = /^ *<!-- not run: .{10,} -->$/;
const SECTION_NOT_RUN = /^ *<!-- section not run: .{10,} -->$/m;

const blocksOf = (page: string, text: string): Block[] =>
  [...text.matchAll(ANY_BLOCK)]
    .filter(([, language = ""]) => ["sh", "console"].includes(language))
    .map(({ index, 2: content = "" }) => {
      const before = text.slice(0, index);
      // Without the blocks: a line such as "# a comment" in a block is not a heading.
      const section = before.replace(ANY_BLOCK, "").split(/^#+ /m).at(-1) ?? "";
      const lines = before.split("\n");
      const mark = lines.at(-2) ?? "";
      return {
        place: `${page}:${lines.length}`,
        text: content,
        runBy: RUN_BY.exec(mark)?.[1],
        isNotRun: NOT_RUN.test(mark) || SECTION_NOT_RUN.test(section),
      };
    });

const unmarked = (blocks: readonly Block[]): string[] =>
  blocks.filter(({ runBy, isNotRun }) => runBy === undefined && !isNotRun).map(({ place }) => place);

const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** The files that the npm scripts of a block run. */
const scriptsIn = (text: string): string[] =>
  [...text.matchAll(/\bnpm (?:run )?(?:-s |--silent )?([\w:-]+)/g)].flatMap(([, name = ""]) =>
    [...(scripts[name] ?? "").matchAll(/\S+\.ts\b/g)].map(([file]) => file),
  );

/** Whether a test exists and names every script of the block that it claims to run. */
function claims({ text, runBy = "" }: Block): boolean {
  if (!existsSync(join(ROOT, runBy))) return false;
  const test = readFileSync(join(ROOT, runBy), "utf8");
  return scriptsIn(text).every((file) => test.includes(basename(file)));
}

const blocks = PAGES.flatMap((page) => blocksOf(page, readFileSync(join(ROOT, page), "utf8")));

/** Types what the user types in a document, and returns all messages that wscat shows. */
async function replay(url: string, text: string): Promise<string[]> {
  const terminal = await wscat(url);
  try {
    for (const line of text.split("\n")) {
      if (line.startsWith("> ")) terminal.type(line.slice(2));
      if (line.startsWith("< ")) await terminal.shows(line);
    }
    return terminal.received().map((message) => `< ${message}`);
  } finally {
    terminal.kill();
  }
}

describe("commands in the documents", () => {
  it("are run by a test, or marked as not run with a reason", () => {
    expect(unmarked(blocks)).to.deep.equal([]);
  });

  it("name a test that exists and that mentions their script", () => {
    expect(
      blocks.filter((block) => block.runBy !== undefined && !claims(block)).map(({ place }) => place),
    ).to.deep.equal([]);
  });

  it("are reported if their mark is missing, has no reason, or belongs to another section", () => {
    const block = "```sh\nnpm start\n```";
    const page = `${block}\n<!-- not run: -->\n${block}\n## One\n<!-- section not run: takes minutes -->\n${block}\n## Two\n${block}`;
    expect(unmarked(blocksOf("page.md", page))).to.deep.equal(["page.md:1", "page.md:5", "page.md:14"]);
  });

  it("are reported if their test is missing or runs something else", () => {
    const block = { place: "", text: "npm run cost", isNotRun: false };
    expect(claims({ ...block, runBy: "__tests__/gone-test.ts" })).to.equal(false);
    expect(claims({ ...block, runBy: "__tests__/scripts/logs-test.ts" })).to.equal(false);
  });

  describe("in a wscat session", () => {
    const sessions = blocks.filter(({ runBy }) => runBy === SELF);
    let chat: RunningChat;
    before(async () => {
      chat = await startChat();
    });
    after(() => chat.stop());

    it("are in README.md", () => {
      expect(sessions.map(({ place }) => place.split(":")[0])).to.include("README.md");
    });

    for (const { place, text } of sessions) {
      it(`show at ${place} what the document shows`, async () => {
        expect(await replay(chat.url, text)).to.deep.equal(text.split("\n").filter((line) => line.startsWith("< ")));
      });
    }
  });
});
