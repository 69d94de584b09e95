import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { goldenReview } from "../support/recorded-plans.ts";
import { temporaryDirectory } from "../support/temporary.ts";

interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  body: string;
}

const WORKFLOW = readFileSync(new URL("../../.github/workflows/plan.yml", import.meta.url), "utf8");

/** What the workflow has actions/github-script run. */
const SCRIPT = (/script: \|\n((?: {12}.*\n)+)/.exec(WORKFLOW)?.[1] ?? "").replaceAll(/^ {12}/gm, "");

const MINE = { login: "github-actions[bot]" };

/** A pull request of which the script sees the comments, as GitHub's client shows them. */
function pullRequest(...comments: Comment[]) {
  const issues = {
    listComments: "all comments",
    async updateComment({ comment_id, body }: { comment_id: number; body: string }) {
      for (const comment of comments.filter(({ id }) => id === comment_id)) comment.body = body;
    },
    async createComment({ body }: { body: string }) {
      comments.push({ id: comments.length + 1, user: MINE, body });
    },
  };
  return { comments, github: { rest: { issues }, paginate: async () => [...comments] } };
}

/** Runs the step with this review in its folder. */
async function post(review: string, { github }: ReturnType<typeof pullRequest>): Promise<void> {
  const file = join(temporaryDirectory(), "review.md");
  writeFileSync(file, review);
  const require = createRequire(import.meta.url);
  const requireThere = (name: string) =>
    name === "node:fs" ? { readFileSync: () => readFileSync(file, "utf8") } : require(name);
  const context = { issue: { owner: "anna", repo: "chat", number: 7 } };
  const step = new Function("github", "context", "require", `return (async () => {${SCRIPT}})();`);
  await step(github, context, requireThere);
}

describe("the comment of a plan", () => {
  it("is made once, and is another plan's the next time", async () => {
    const request = pullRequest({ id: 1, user: { login: "anna" }, body: "Fine." });
    await post(goldenReview("new-route"), request);
    await post(goldenReview("throttle"), request);
    expect(request.comments.map(({ body }) => body)).to.deep.equal(["Fine.", goldenReview("throttle")]);
  });

  it("is one for each stack", async () => {
    const request = pullRequest();
    await post("<!-- plan of chat-dev -->\none", request);
    await post("<!-- plan of chat-prod -->\nother", request);
    expect(request.comments).to.have.length(2);
  });

  it("is never one that somebody else wrote", async () => {
    const theirs = { id: 1, user: { login: "mallory" }, body: "<!-- plan of chat-dev -->\nAll is well." };
    const request = pullRequest(theirs);
    await post("<!-- plan of chat-dev -->\ntrue", request);
    expect(request.comments.map(({ body }) => body)).to.deep.equal([
      "<!-- plan of chat-dev -->\nAll is well.",
      "<!-- plan of chat-dev -->\ntrue",
    ]);
  });
});
