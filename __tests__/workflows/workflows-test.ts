import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type Job, job, type Step, step, workflow, workflowFiles, workflowText } from "../support/workflows.ts";

interface NamedJob {
  readonly file: string;
  readonly name: string;
  readonly job: Job;
}

const jobs: readonly NamedJob[] = workflowFiles.flatMap((file) =>
  Object.entries(workflow(file).jobs).map(([name, job]) => ({ file, name, job })),
);

const steps = jobs.flatMap(({ job: { steps } }) => steps);

const commandsOf = ({ steps }: Job): string => steps.map(({ run = "" }) => run).join("\n");

const permissionsOf = ({ file, job: { permissions } }: NamedJob) => permissions ?? workflow(file).permissions;

/** Jobs that can get credentials of AWS. */
const trusted = jobs.filter((each) => permissionsOf(each)["id-token"] === "write");

const titles = (found: readonly NamedJob[]): string[] => found.map(({ file, name }) => `${file} ${name}`);

const uses = (action: string) => (each: Step) => each.uses?.startsWith(`${action}@`) === true;

/** The position of the first matching step. */
const indexOf = ({ steps }: Job, is: (step: Step) => boolean): number => {
  const index = steps.findIndex(is);
  expect(index, "the step is missing").to.be.at.least(0);
  return index;
};

const CREDENTIALS = uses("aws-actions/configure-aws-credentials");
const UPLOAD = uses("actions/upload-artifact");
const DOWNLOAD = uses("actions/download-artifact");

const withOf = (found: Job, is: (step: Step) => boolean) => found.steps[indexOf(found, is)]?.with ?? {};

describe("the workflows", () => {
  it("pin every action to a commit, and name its version", () => {
    const found = workflowFiles.flatMap((file) => [...workflowText(file).matchAll(/^ *(?:- )?uses: (.*)$/gm)]);
    expect(found).to.have.length.above(5);
    const wrong = found.filter(([, action = ""]) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action));
    expect(wrong).to.deep.equal([]);
  });

  it("use no secrets: there are no long-lived keys", () => {
    expect(workflowFiles.filter((file) => /secrets\.|aws-secret-access-key/.test(workflowText(file)))).to.deep.equal(
      [],
    );
  });

  it("grant no permission by default, or only to read the code", () => {
    const granted = workflowFiles.map((file) => workflow(file).permissions);
    for (const permissions of granted) expect([{}, { contents: "read" }]).to.deep.include(permissions);
  });

  it("pass inputs to commands as environment variables only", () => {
    expect(steps.filter(({ run = "" }) => run.includes("${{"))).to.deep.equal([]);
  });

  it("do not keep the token of a checkout", () => {
    const checkouts = steps.filter(uses("actions/checkout"));
    expect(checkouts).to.have.length.above(2);
    for (const { with: inputs } of checkouts) expect(inputs).to.include({ "persist-credentials": false });
  });

  describe("the jobs with AWS credentials", () => {
    it("are the two that plan and the one that applies", () => {
      expect(titles(trusted)).to.have.members(["plan.yml plan", "deploy.yml plan", "deploy.yml apply"]);
      expect(titles(jobs.filter(({ job: { steps } }) => steps.some(CREDENTIALS)))).to.deep.equal(titles(trusted));
    });

    it("have no trigger that runs the workflow file of a pull request", () => {
      const events = trusted.flatMap(({ file }) => Object.keys(workflow(file).on));
      expect(new Set(events)).to.deep.equal(new Set(["workflow_run", "workflow_dispatch"]));
      expect(workflowFiles.filter((file) => "pull_request_target" in workflow(file).on)).to.deep.equal([]);
    });

    it("cannot write to GitHub", () => {
      const writes = trusted.flatMap((each) => Object.entries(permissionsOf(each)).filter(([, to]) => to === "write"));
      expect(new Set(writes.map(([what]) => what))).to.deep.equal(new Set(["id-token"]));
    });

    it("do not install packages, run tests or restore a cache", () => {
      const installing = /\b(npm|npx|yarn|pnpm|pipx?|tsx|cdkt[fn]|mocha|curl|wget)\b/;
      expect(titles(trusted.filter(({ job }) => installing.test(commandsOf(job))))).to.deep.equal([]);
      for (const { job } of trusted) {
        for (const { with: inputs } of job.steps.filter(uses("actions/setup-node"))) {
          expect(inputs).to.deep.equal({ "node-version": 24, "package-manager-cache": false });
        }
        expect(job.steps.filter(uses("actions/cache"))).to.deep.equal([]);
      }
    });

    it("check out no other commit than that of the workflow file", () => {
      const inputs = trusted
        .flatMap(({ job: { steps } }) => steps.filter(uses("actions/checkout")))
        .map((each) => each.with);
      expect(inputs).to.deep.equal([{ "persist-credentials": false }, { "persist-credentials": false }]);
    });

    for (const file of ["plan.yml", "deploy.yml"]) {
      it(`check the stack before they have credentials, and plan what was checked: ${file}`, () => {
        const plan = job(file, "plan");
        const credentials = indexOf(plan, CREDENTIALS);
        const check = indexOf(plan, ({ name }) => name === "Check the stack");
        expect(check).to.be.below(credentials);
        expect(plan.steps[check]?.run).to.include("node scripts/check-stack.ts --environment");
        expect(plan.steps[check]).to.include({ id: "stack" }).and.not.to.have.any.keys("if", "continue-on-error");
        expect(indexOf(plan, ({ run = "" }) => run.includes("terraform"))).to.be.above(credentials);
        const folder = "${{ steps.stack.outputs.folder }}";
        for (const name of ["Plan", "Review"]) expect(step(plan, name).env).to.include({ STACK: folder });
      });
    }
  });

  describe("the jobs that install or test", () => {
    const installing = jobs.filter(({ job }) => /\bnpm\b/.test(commandsOf(job)));

    it("can only read the code", () => {
      expect(titles(installing)).to.include.members(["synth.yml synth", "deploy.yml build", "test.yml test"]);
      for (const each of installing) expect(permissionsOf(each)).to.deep.equal({ contents: "read" });
    });

    it("have no environment, and so none of its secrets", () => {
      expect(installing.filter(({ job: { environment } }) => environment !== undefined)).to.deep.equal([]);
    });
  });

  describe("the plan of a pull request", () => {
    const { comment, plan } = workflow("plan.yml").jobs as { readonly comment: Job; readonly plan: Job };

    it("is made of what synth uploaded, by the files of the default branch", () => {
      expect(workflow("plan.yml").on).to.deep.equal({ workflow_run: { workflows: ["synth"], types: ["completed"] } });
      expect(withOf(plan, DOWNLOAD)).to.include({ "run-id": "${{ github.event.workflow_run.id }}" });
    });

    it("is not made for a fork", () => {
      expect(plan.if).to.include("github.event.workflow_run.head_repository.full_name == github.repository");
    });

    it("does not leave the job: its review does", () => {
      expect(plan.steps.filter(UPLOAD).map((each) => each.with?.path)).to.deep.equal(["review.md"]);
    });

    it("is posted by a job that has no code of the repository", () => {
      expect(comment.permissions).to.deep.equal({ "pull-requests": "write", statuses: "write" });
      expect(comment.steps.map(({ uses = "" }) => uses.split("@")[0])).to.deep.equal([
        "actions/download-artifact",
        "actions/github-script",
      ]);
    });
  });

  describe("a deployment", () => {
    const { build, plan, apply } = workflow("deploy.yml").jobs as Record<"build" | "plan" | "apply", Job>;

    it("builds, then plans, then applies", () => {
      expect([build.needs, plan.needs, apply.needs]).to.deep.equal([undefined, "build", "plan"]);
    });

    it("requests approval once the plan exists: only apply has the environment", () => {
      expect([build.environment, plan.environment, apply.environment]).to.deep.equal([
        undefined,
        undefined,
        "${{ inputs.environment }}",
      ]);
    });

    it("plans in one role, and applies in another", () => {
      expect(withOf(plan, CREDENTIALS)["role-to-assume"])
        .to.match(/AWS_PLAN_ROLE_ARN/)
        .and.not.match(/DEPLOY/);
      expect(withOf(apply, CREDENTIALS)["role-to-assume"]).to.equal("${{ vars.AWS_DEPLOY_ROLE_ARN }}");
    });

    it("stores the plan as an artifact of this commit and environment, for a day", () => {
      const { name, path, "retention-days": days } = withOf(plan, UPLOAD);
      expect({ name, path, days }).to.deep.equal({
        name: "plan-${{ inputs.environment }}-${{ github.sha }}",
        path: "deployment.tar",
        days: 1,
      });
      expect(withOf(apply, DOWNLOAD)).to.deep.equal({ name });
    });

    it("verifies the checksum that the plan job output, before it has credentials", () => {
      expect(plan.outputs).to.deep.equal({ checksum: "${{ steps.pack.outputs.checksum }}" });
      const verify = step(apply, "Verify");
      expect(verify.env).to.deep.equal({ CHECKSUM: "${{ needs.plan.outputs.checksum }}" });
      expect(verify.run).to.match(/sha256sum --check --strict/);
      expect(indexOf(apply, (each) => each.name === "Verify")).to.be.below(indexOf(apply, CREDENTIALS));
    });

    it("applies the plan file, without a second plan or a checkout", () => {
      expect(apply.steps.filter(uses("actions/checkout"))).to.deep.equal([]);
      const applied = step(apply, "Apply").run?.trim().split("\n");
      expect(applied).to.deep.equal([
        "terraform -chdir=deployment init -input=false -lockfile=readonly",
        "terraform -chdir=deployment apply -input=false plan",
      ]);
      expect(workflowFiles.filter((file) => /auto-approve|cdkt[fn] deploy/.test(workflowText(file)))).to.deep.equal([]);
    });

    it("stops if data would be lost, unless the operator allows it", () => {
      expect(step(plan, "Review").run).to.include('if [ "$DATA_MAY_BE_LOST" != true ]; then set -- --guard; fi');
    });
  });

  it("have a row for each job, with its permissions, in docs/github.md", () => {
    const docs = readFileSync(new URL("../../docs/github.md", import.meta.url), "utf8");
    for (const each of jobs) {
      const granted = Object.entries(permissionsOf(each)).map(([what, to]) => `\`${what}: ${to}\``);
      const row = docs
        .split("\n")
        .find((line) => line.startsWith(`| \`${each.file.replace(".yml", "")}\` | \`${each.name}\` |`));
      expect(row, `${each.file} ${each.name}`).to.include(granted.sort().join(", "));
    }
  });
});
