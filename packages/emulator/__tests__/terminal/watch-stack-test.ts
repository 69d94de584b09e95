import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "chai";
import { type Emulator, type EmulatorOptions, start } from "../../src/start.ts";
import { watchStack } from "../../src/terminal/watch-stack.ts";
import { type FixtureRoute, fixtureStack, reference, returning } from "../../src/testing/fixture-stack.ts";
import { connect } from "../support/client.ts";
import { folderOf } from "../support/files.ts";
import { aFolder, aZip } from "../support/lambda.ts";
import { PLANNED_STACK, planOf } from "../support/plan.ts";

const answering = (text: string): FixtureRoute => ({
  code: returning(`{ statusCode: 200, body: "${text}" }`),
  routeResponse: true,
});

describe("terminal/watch-stack", () => {
  let emulator: Emulator;
  let stopWatching: () => void;
  let onSentence: (sentence: string) => void = () => undefined;

  const watch = async (stackDirectory: string, options: Partial<EmulatorOptions> = {}) => {
    emulator = await start({ stackDirectory, ...options });
    const print = (sentence: string) => onSentence(sentence.replace(/\d+ ms/, "N ms"));
    stopWatching = watchStack(stackDirectory)(emulator, { info: print, error: print });
    return connect(emulator.url);
  };

  /** The next sentence in the terminal after a change. */
  const shownAfter = (change: () => void): Promise<string> =>
    new Promise((resolve) => {
      onSentence = resolve;
      change();
    });

  afterEach(async () => {
    stopWatching();
    await emulator.stop();
  });

  it("reloads a function whose zip file is replaced, on a connection that stays open", async () => {
    const folder = fixtureStack({ routes: { $default: answering("old") } });
    const client = await watch(folder);
    const replacement = aZip({ "index.mjs": returning('{ statusCode: 200, body: "new" }') });
    const shown = await shownAfter(() => renameSync(replacement, join(folder, "_default.zip")));
    expect(shown).to.equal("_default reloaded in N ms");
    client.send("hi");
    expect(await client.next()).to.equal("new");
  });

  it("reloads a function whose archive is a folder", async () => {
    const filename = aFolder({ "index.mjs": returning('{ statusCode: 200, body: "old" }') });
    const client = await watch(fixtureStack({ routes: { $default: { ...answering(""), lambda: { filename } } } }));
    const code = returning('{ statusCode: 200, body: "new" }');
    const shown = await shownAfter(() => writeFileSync(join(filename, "index.mjs"), code));
    expect(shown).to.equal("_default reloaded in N ms");
    client.send("hi");
    expect(await client.next()).to.equal("new");
  });

  it("applies changed Terraform", async () => {
    const folder = fixtureStack({ routes: { $default: answering("default") } });
    const client = await watch(folder);
    const next = fixtureStack({ routes: { $default: answering("default"), join: answering("joined") } });
    const shown = await shownAfter(() => cpSync(next, folder, { recursive: true }));
    expect(shown).to.match(/^Terraform applied in N ms: added the route join, /);
    client.send({ message: "join" });
    expect(await client.next()).to.equal("joined");
  });

  it("shows why a change is refused, and applies the next one", async () => {
    const folder = fixtureStack({ routes: { $default: answering("old") } });
    const client = await watch(folder);
    const refused = await shownAfter(() => writeFileSync(join(folder, "_default.zip"), "no zip file"));
    expect(refused).to.match(/neither a zip file nor a folder.*\nThe previous version keeps running\.$/);
    const next = fixtureStack({ routes: { $default: answering("new") } });
    const applied = await shownAfter(() => renameSync(join(next, "_default.zip"), join(folder, "_default.zip")));
    expect(applied).to.equal("_default reloaded in N ms");
    client.send("hi");
    expect(await client.next()).to.equal("new");
  });

  for (const [kind, archive] of [
    ["a file", (folder: string) => ({ source_file: join(folder, "index.mjs") })],
    ["a folder without some of its files", (folder: string) => ({ source_dir: folder, excludes: ["*.md"] })],
  ] as const) {
    it(`reloads a function whose archive_file has ${kind} outside of the folder`, async () => {
      const folder = aFolder({ "index.mjs": returning('{ statusCode: 200, body: "old" }') });
      const lambda = { filename: "made.zip" };
      const data = { archive_file: { made: { type: "zip", output_path: "made.zip", ...archive(folder) } } };
      const client = await watch(fixtureStack({ data, routes: { $default: { ...answering(""), lambda } } }));
      const code = returning('{ statusCode: 200, body: "new" }');
      const shown = await shownAfter(() => writeFileSync(join(folder, "index.mjs"), code));
      expect(shown).to.equal("_default reloaded in N ms");
      client.send("hi");
      expect(await client.next()).to.equal("new");
    });
  }

  it("applies changes of modules, files of variables and files that expressions read, outside of the folder", async () => {
    const outside = folderOf({
      "module/name.tf.json": { output: { memory: { value: 128 } } },
      "values.tfvars.json": { timeout: 5 },
      "text.txt": "old",
    });
    const stack = fixtureStack({
      routes: {
        $default: {
          code: returning("{ statusCode: 200, body: process.env.TEXT }"),
          routeResponse: true,
          lambda: {
            memory_size: reference("module.outside.memory"),
            timeout: reference("var.timeout"),
            environment: { variables: { TEXT: reference(`file("${join(outside, "text.txt")}")`) } },
          },
        },
      },
    });
    const module = { outside: { source: `./${relative(stack, join(outside, "module"))}` } };
    writeFileSync(join(stack, "more.tf.json"), JSON.stringify({ module, variable: { timeout: { type: "number" } } }));
    const client = await watch(stack, { variableFiles: [join(outside, "values.tfvars.json")] });
    const applied = "Terraform applied in N ms: changed the function _default";
    const edit = (name: string, content: string) => () => writeFileSync(join(outside, name), content);
    expect(await shownAfter(edit("module/name.tf.json", '{"output":{"memory":{"value":256}}}'))).to.equal(applied);
    expect(await shownAfter(edit("values.tfvars.json", '{"timeout":7}'))).to.equal(applied);
    expect(emulator.stack.functions[0]).to.include({ memoryMegabytes: 256, timeoutSeconds: 7 });
    expect(await shownAfter(edit("text.txt", "new"))).to.equal(applied);
    client.send("hi");
    expect(await client.next()).to.equal("new");
  });

  it("applies refused Terraform when a missing module and a missing archive have been added", async () => {
    const stack = fixtureStack({ routes: { $default: answering("old") } });
    await watch(stack);
    const parent = folderOf({});
    const path = join(parent, "later");
    const next = fixtureStack({
      routes: { $default: answering("old"), join: { ...answering(""), lambda: { filename: join(path, "join.zip") } } },
    });
    const files = JSON.parse(readFileSync(join(next, "cdk.tf.json"), "utf8"));
    const module = { later: { source: `./${relative(stack, path)}` } };
    const refused = await shownAfter(() =>
      writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ ...files, module })),
    );
    expect(refused).to.match(/is not a folder.*\n?[\s\S]*The previous version keeps running\.$/);
    const built = folderOf({ "main.tf.json": {} });
    cpSync(aZip({ "index.mjs": returning("{}") }), join(built, "join.zip"));
    const shown = await shownAfter(() => renameSync(built, path));
    expect(shown).to.match(/^Terraform applied in N ms: added the route join/);
  });

  it("applies a changed plan that is passed as a file", async () => {
    const folder = folderOf({ "plan.json": planOf(PLANNED_STACK), "say.zip": "" });
    cpSync(aZip({ "index.mjs": returning("{}") }), join(folder, "say.zip"));
    const path = join(folder, "plan.json");
    await watch(path);
    const changed = JSON.stringify(planOf(PLANNED_STACK)).replaceAll('"${b}"', '"changed"');
    expect(await shownAfter(() => writeFileSync(path, changed))).to.equal(
      "Terraform applied in N ms: changed the function say",
    );
  });
});
