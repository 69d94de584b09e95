import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type ModuleFiles, readJsonModule, readModule } from "../../../src/terraform/language/files.ts";
import { folderOf } from "../../support/files.ts";
import { rejection } from "../../support/rejection.ts";

const read = (files: Readonly<Record<string, object | string>>): Promise<ModuleFiles> => readModule(folderOf(files));

const role = { aws_iam_role: { say: { name: "say" } } };

describe("terraform/language/files", () => {
  it("merges the blocks of all files, in both syntaxes", async () => {
    const { resource, data, locals, variable, provider } = await read({
      "main.tf.json": { resource: role, data: { aws_region: { here: {} } }, locals: { a: 1 } },
      "more.tf": 'resource "aws_iam_role" "join" {\n  name = var.name\n}\nlocals {\n  b = 2\n}\nvariable "name" {}\n',
      "provider.tf": 'provider "aws" {\n  region = "eu-west-2"\n}\nprovider "aws" {\n  alias = "us"\n}\n',
    });
    expect(resource).to.deep.equal({ aws_iam_role: { say: { name: "say" }, join: { name: "${var.name}" } } });
    expect(data).to.deep.equal({ aws_region: { here: {} } });
    expect(locals).to.deep.equal({ a: 1, b: 2 });
    expect(variable).to.deep.equal({ name: {} });
    expect(provider.aws).to.deep.equal([{ region: "eu-west-2" }, { alias: "us" }]);
  });

  it("removes CDKTF's metadata at any depth, and attributes that are null", async () => {
    const noted = { "//": { metadata: {} }, aws_iam_role: { say: { "//": "note", name: "say", path: null } } };
    expect((await read({ "cdk.tf.json": { "//": {}, resource: noted } })).resource).to.deep.equal(role);
  });

  it("reads blocks that are bare or in a list of one", async () => {
    const listed = { resource: [{ aws_iam_role: [{ say: [{ name: "say" }] }] }] };
    expect((await read({ "main.tf.json": listed })).resource).to.deep.equal(role);
  });

  it("knows the file and line of each block in HCL", async () => {
    const text = '# A role.\nresource "aws_iam_role" "say" {\n}\n\nlocals {\n  name = "say"\n}\n\nmodule "api" {\n}\n';
    const { places } = await read({ "main.tf": text });
    expect(Object.fromEntries(places)).to.deep.equal({
      "aws_iam_role.say": { file: "main.tf", line: 2 },
      "local.name": { file: "main.tf", line: 6 },
      "module.api": { file: "main.tf", line: 9 },
    });
  });

  for (const [title, files, reason] of [
    ["an unknown block", { "main.tf": "table {\n}\n" }, /does not support the block "table" in .*main\.tf\./],
    ["a syntax error in HCL", { "main.tf": "locals {\n  a = = 1\n}\n" }, /main\.tf:2: .* Correct the file\.$/],
    ["a syntax error in JSON", { "main.tf.json": "{" }, /^Cannot read Terraform from .*main\.tf\.json: /],
    [
      "a resource that is declared twice",
      { "a.tf.json": { resource: role }, "b.tf.json": { resource: role } },
      /^aws_iam_role\.say is declared twice in .*: a\.tf\.json, b\.tf\.json\. Rename or remove all but one\.$/,
    ],
    [
      "deep nesting in HCL",
      { "main.tf": `locals {\n  a = ${"[".repeat(20_000)}` },
      /main\.tf, because .* too deeply\.$/,
    ],
    [
      "deep nesting in JSON",
      { "main.tf.json": `${"[".repeat(50_000)}${"]".repeat(50_000)}` },
      /main\.tf\.json, because .* too deeply\.$/,
    ],
    ["an override file", { "main.tf.json": {}, "dev_override.tf.json": {} }, /does not support override files/],
    ["no Terraform", { "readme.md": "" }, /contains no Terraform\./],
  ] as const) {
    it(`rejects a folder with ${title}`, async () => {
      expect(await rejection(read(files))).to.match(reason);
    });
  }

  it("rejects a path that is not a folder", async () => {
    expect(await rejection(readModule("/nowhere"))).to.match(/^\/nowhere is not a folder\. Pass a folder/);
  });

  it("names all blocks and local values that are declared more than once, with their files and lines", async () => {
    const blocks = 'variable "v" {}\noutput "o" {\n  value = 1\n}\ndata "aws_region" "r" {}\n';
    const folder = folderOf({
      "a.tf": `${blocks}locals {\n  a = 1\n}\n`,
      "b.tf": `\n${blocks}locals { a = 2 }\n${blocks}`,
    });
    const [, ...reasons] = (await rejection(readModule(folder))).split("\n  - ");
    expect(reasons).to.deep.equal([
      `data.aws_region.r is declared 3 times in ${folder}: a.tf:5, b.tf:6, b.tf:12. Rename or remove all but one.`,
      `local.a is declared twice in ${folder}: a.tf:7, b.tf. Rename or remove all but one.`,
      `var.v is declared 3 times in ${folder}: a.tf:1, b.tf:2, b.tf:8. Rename or remove all but one.`,
      `output.o is declared 3 times in ${folder}: a.tf:2, b.tf:3, b.tf:9. Rename or remove all but one.`,
    ]);
  });

  it("refuses two configurations of a provider without an alias, or with the same one", async () => {
    const folder = folderOf({ "a.tf": 'provider "aws" {}\nprovider "aws" {\n  alias = "us"\n}\n' });
    expect((await readModule(folder)).provider.aws).to.have.length(2);
    writeFileSync(join(folder, "b.tf"), 'provider "aws" {}\nprovider "aws" {\n  alias = "us"\n}\n');
    const [, ...reasons] = (await rejection(readModule(folder))).split("\n  - ");
    const rest = `has 2 configurations in ${folder}: in a.tf, b.tf. Set another "alias" in all but one.`;
    expect(reasons).to.deep.equal([
      `The provider "aws" without an alias ${rest}`,
      `The provider "aws" with the alias "us" ${rest}`,
    ]);
  });

  it("ignores a folder whose name ends with .tf", async () => {
    const folder = folderOf({ "main.tf.json": { resource: role } });
    mkdirSync(join(folder, "modules.tf"));
    expect((await readModule(folder)).resource).to.deep.equal(role);
  });

  for (const [title, create, reason] of [
    ["a dangling link", (path: string) => symlinkSync("gone.tf", path), /a symbolic link to a file that does not/],
    ["a link to itself", (path: string) => symlinkSync("z.tf", path), /a symbolic link that leads back to itself\./],
    ["a link to a folder", (path: string) => symlinkSync(".", path), /It is not a regular file\./],
    ["a named pipe", (path: string) => execFileSync("mkfifo", [path]), /It is not a regular file\./],
  ] as const) {
    it(`names ${title}`, async () => {
      const folder = folderOf({ "main.tf": "" });
      create(join(folder, "z.tf"));
      const message = await rejection(readModule(folder));
      expect(message)
        .to.match(/^Cannot read Terraform from .*z\.tf: /)
        .and.match(reason);
    });
  }

  it("names the faults of all files", async () => {
    const message = await rejection(read({ "a.tf": "locals {", "b.tf": "locals {", "c.tf.json": "[" }));
    expect(message).to.include("for 3 reasons:");
  });

  it("reads a folder in JSON syntax synchronously, and throws for HCL", () => {
    expect(readJsonModule(folderOf({ "main.tf.json": { resource: role } })).resource).to.deep.equal(role);
    expect(() => readJsonModule(folderOf({ "main.tf": "" }))).to.throw(/main\.tf is not in JSON syntax\./);
  });
});
