import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { goldenReview } from "../support/recorded-plans.ts";
import { job } from "../support/workflows.ts";

interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  body: string;
}

interface ChangedFile {
  readonly filename: string;
  readonly previous_filename?: string;
}

const SCRIPT = String(job("plan.yml", "comment").steps.at(-1)?.with?.script);

const MINE = { login: "github-actions[bot]" };

const COMMIT = "5f1c0de";

/** The text that the script adds below the first line of a review. */
const HEAD = `Commit ${COMMIT}, reviewed by the code of ba5e.`;

const headed = (review: string): string => review.replace("\n", `\n${HEAD}\n`);

/** A script of the project and all files that it imports at run time, directly or not. */
function runBy(script: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(script)) return found;
  found.add(script);
  if (!script.endsWith(".ts")) return found;
  const imports = readFileSync(script, "utf8").matchAll(/^(?:import|export) (?!type )[^;]*?from "(\.[^"]+)"/gms);
  for (const [, path = ""] of imports) runBy(join(dirname(script), path), found);
  return found;
}

/** A pull request in the format of GitHub's client. */
function pullRequest(...comments: Comment[]) {
  const statuses: object[] = [];
  const files: ChangedFile[] = [];
  const rest = {
    issues: {
      listComments: "comments",
      async updateComment({ comment_id, body }: { comment_id: number; body: string }) {
        for (const comment of comments.filter(({ id }) => id === comment_id)) comment.body = body;
      },
      async createComment({ body }: { body: string }) {
        comments.push({ id: comments.length + 1, user: MINE, body });
      },
    },
    pulls: { listFiles: "files" },
    repos: { createCommitStatus: async (status: object) => void statuses.push(status) },
  };
  const paginate = async (what: string) => (what === "files" ? [...files] : [...comments]);
  return { comments, files, statuses, bodies: () => comments.map(({ body }) => body), github: { rest, paginate } };
}

/** Runs the step after a plan. Without a review, the plan job failed before it wrote one. */
async function post(
  { github }: ReturnType<typeof pullRequest>,
  { review, result = "success", base = "main" }: { review?: string; result?: string; base?: string },
): Promise<void> {
  const file = join(temporaryDirectory(), "review.md");
  if (review !== undefined) writeFileSync(file, review);
  const require = createRequire(import.meta.url);
  const fs = { existsSync: () => existsSync(file), readFileSync: () => readFileSync(file, "utf8") };
  const requireThere = (name: string) => (name === "node:fs" ? fs : require(name));
  const context = {
    repo: { owner: "anna", repo: "chat" },
    runId: 42,
    serverUrl: "https://github.com",
    sha: "ba5e",
    payload: {
      repository: { default_branch: "main" },
      workflow_run: { head_sha: COMMIT, pull_requests: [{ number: 7, base: { ref: base } }] },
    },
  };
  const step = new Function("github", "context", "require", "process", `return (async () => {${SCRIPT}})();`);
  await step(github, context, requireThere, { env: { RESULT: result } });
}

describe("the comment of a plan", () => {
  it("is created once, and updated with the next plan", async () => {
    const request = pullRequest({ id: 1, user: { login: "anna" }, body: "Fine." });
    await post(request, { review: goldenReview("new-route") });
    await post(request, { review: goldenReview("throttle") });
    expect(request.bodies()).to.deep.equal(["Fine.", headed(goldenReview("throttle"))]);
  });

  it("is one for each stack", async () => {
    const request = pullRequest();
    await post(request, { review: "<!-- plan of chat-dev -->\none" });
    await post(request, { review: "<!-- plan of chat-prod -->\nother" });
    expect(request.comments).to.have.length(2);
  });

  it("never replaces another user's comment", async () => {
    const theirs = { id: 1, user: { login: "mallory" }, body: "<!-- plan of chat-dev -->\nAll is well." };
    const request = pullRequest(theirs);
    await post(request, { review: "<!-- plan of chat-dev -->\ntrue" });
    expect(request.bodies()).to.deep.equal([
      "<!-- plan of chat-dev -->\nAll is well.",
      `<!-- plan of chat-dev -->\n${HEAD}\ntrue`,
    ]);
  });

  it("warns if the pull request changes the reviewer, also if it moves a file out of its folders", async () => {
    const request = pullRequest();
    request.files.push(
      { filename: "scripts/plan.ts" },
      { filename: "packages/plan-review/src/risks.ts" },
      { filename: "packages/plan-review/src/`@anna`.ts" },
      { filename: "elsewhere.yml", previous_filename: ".github/workflows/plan.yml" },
      { filename: "docs/review/scripts.md" },
    );
    await post(request, { review: goldenReview("throttle") });
    const [, , warning] = request.bodies()[0]?.split("\n") ?? [];
    expect(warning).to.match(
      /^> This pull request changes the reviewer: `scripts\/`, `packages\/plan-review\/`, `\.github\/`\./,
    );
  });

  it("warns of each file that the scripts of the workflow run", async () => {
    const files = ["scripts/check-stack.ts", "packages/plan-review/src/cli.ts"].flatMap((script) => [...runBy(script)]);
    const some = ["scripts/run-command.ts", "infra/environments.ts", "packages/plan-review/src/risks.ts"];
    expect(files).to.include.members(some);
    for (const filename of new Set(files)) {
      const request = pullRequest();
      request.files.push({ filename });
      await post(request, { review: goldenReview("throttle") });
      expect(request.bodies()[0], filename).to.include("This pull request changes the reviewer");
    }
  });

  it("warns if GitHub does not list all files of the pull request", async () => {
    const request = pullRequest();
    request.files.push(...Array.from({ length: 3000 }, (_, index) => ({ filename: `docs/${index}.md` })));
    await post(request, { review: goldenReview("throttle") });
    expect(request.bodies()[0]).to.include("changes the reviewer: `3000 files or more`");
  });

  it("is not longer than GitHub allows", async () => {
    const request = pullRequest();
    await post(request, { review: `<!-- plan of chat-dev -->\n${"x".repeat(65_500)}` });
    expect(request.bodies()[0]).to.have.length(65_536);
  });

  it("goes to the pull request that merges into the default branch, and to no other", async () => {
    const request = pullRequest();
    await post(request, { review: goldenReview("throttle"), base: "release" });
    expect(request.comments).to.deep.equal([]);
  });

  for (const [result, state] of [
    ["success", "success"],
    ["failure", "failure"],
    ["cancelled", "failure"],
  ]) {
    it(`comes with the status ${state} on the commit if the plan job ended with ${result}`, async () => {
      const request = pullRequest();
      await post(request, { result: result as string });
      expect(request.comments).to.deep.equal([]);
      expect(request.statuses).to.have.length(1);
      expect(request.statuses[0]).to.include({
        sha: COMMIT,
        context: "plan",
        state,
        target_url: "https://github.com/anna/chat/actions/runs/42",
      });
    });
  }
});
