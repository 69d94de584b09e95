import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { projectCopy, ROOT, synthesize } from "./support/project-copy.ts";
import { environment, STACK } from "./support/synthesized.ts";

/** The bytes of all that `main.ts` writes, by their relative paths. */
function written(project: string, env?: NodeJS.ProcessEnv): Map<string, string> {
  const out = synthesize(project, env);
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(out.length), readFileSync(path, "base64")];
    }),
  );
}

describe("main", () => {
  it("synthesizes the same bytes twice, in two folders and two time zones", () => {
    const here = written(ROOT, { TZ: "UTC" });
    const there = written(projectCopy(), { TZ: "Pacific/Auckland" });
    expect([...here.keys()].filter((path) => path.endsWith(".zip"))).not.to.have.length(0);
    expect([...there.keys()]).to.have.members([...here.keys()]);
    for (const [path, bytes] of here) expect(there.get(path) === bytes, path).to.equal(true);
  });

  describe("in a project with another name and a provider lock", () => {
    let stack: string;
    before(() => {
      const copy = projectCopy();
      const settings = join(copy, "infra", "environments.ts");
      writeFileSync(settings, readFileSync(settings, "utf8").replace(/PROJECT = ".*"/, 'PROJECT = "banter"'));
      writeFileSync(join(copy, "infra", "provider-lock.hcl"), "# locked");
      stack = join(synthesize(copy), "stacks", `banter-${environment.name}`);
    });

    it("uses the name for every resource", () => {
      const terraform = join(stack, "cdk.tf.json");
      const { resource } = JSON.parse(readFileSync(terraform, "utf8"));
      const attributes = Object.values(resource).flatMap((ofType) => Object.values(ofType as object));
      const names = attributes
        .flatMap(({ name, function_name }) => [name, function_name])
        .filter((name) => name && !name.startsWith("${"));
      expect(names.filter((name) => !/^(\/aws\/lambda\/)?banter-/.test(name))).to.deep.equal([environment.stageName]);
    });

    it("locks the AWS provider of the stack", () => {
      expect(readFileSync(join(stack, ".terraform.lock.hcl"), "utf8")).to.equal("# locked");
    });
  });

  it("builds the page of an environment that has one, and uploads its files", () => {
    const copy = projectCopy({ environment: { website: true } });
    const build = `import { mkdirSync, writeFileSync } from "node:fs";
export async function buildWeb(folder: string) {
  mkdirSync(folder);
  writeFileSync(folder + "/index.html", "<!doctype html>");
}`;
    writeFileSync(join(copy, "scripts", "build-web.ts"), build);
    const stack = join(synthesize(copy), "stacks", STACK);
    const { source } = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")).resource.aws_s3_object[
      "website-index-html"
    ];
    expect(readFileSync(join(stack, source), "utf8")).to.equal("<!doctype html>");
  });

  it("has at most twenty lines, and creates no resources itself", () => {
    const source = readFileSync(join(ROOT, "main.ts"), "utf8");
    expect(source.trim().split("\n").length).to.be.at.most(20);
    expect(source).not.to.include("provider-aws");
  });
});
