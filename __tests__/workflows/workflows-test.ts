import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";

const FOLDER = new URL("../../.github/workflows/", import.meta.url);

const workflows = readdirSync(FOLDER).map((file) => ({ file, text: readFileSync(new URL(file, FOLDER), "utf8") }));

/** The jobs of a workflow, as text. */
const jobsOf = (text: string): string[] => (text.split(/^jobs:$/m)[1] ?? "").split(/^(?= {2}[\w-]+:$)/m).slice(1);

const jobs = workflows.flatMap(({ file, text }) => jobsOf(text).map((job) => ({ file, job })));

describe("the workflows", () => {
  it("take every action at a commit, and say which version that is", () => {
    const uses = workflows.flatMap(({ text }) => [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action));
    expect(uses).to.not.have.length(0);
    expect(uses.filter((action = "") => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).to.deep.equal([]);
  });

  it("know no long-lived keys", () => {
    expect(workflows.filter(({ text }) => /secrets\.|aws-secret-access-key/.test(text))).to.deep.equal([]);
  });

  it("give nothing that is not asked for", () => {
    const permissions = workflows.map(({ text }) => /^permissions:(.*(?:\n {2}.*)*)/m.exec(text)?.[1]);
    for (const permission of permissions) expect(permission).to.match(/^ \{\}$|^\n {2}contents: read$/);
  });

  it("let no job reach both an account and a pull request", () => {
    const reaching = jobs.filter(({ job }) => /id-token: write/.test(job));
    expect(reaching).to.not.have.length(0);
    expect(reaching.filter(({ job }) => /pull-requests: write|issues: write/.test(job))).to.deep.equal([]);
  });

  it("give a fork's code no credentials", () => {
    const reached = jobs.filter(({ file, job }) => file === "plan.yml" && /configure-aws-credentials/.test(job));
    expect(reached).to.have.length(1);
    expect(reached[0]?.job).to.match(/if: github\.event\.pull_request\.head\.repo\.full_name == github\.repository/);
  });

  it("put nothing that others choose into a command but by the environment", () => {
    const commands = workflows.flatMap(({ text }) => [...text.matchAll(/run: (\|(?:\n {10}.*)+|.*)/g)]);
    expect(commands.filter(([command]) => command.includes("${{"))).to.deep.equal([]);
  });
});
