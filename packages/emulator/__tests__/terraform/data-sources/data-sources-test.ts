import { readFileSync } from "node:fs";
import { expect } from "chai";
import { unzipSync } from "fflate";
import { codeArchives } from "../../../src/terraform/code-archives.ts";
import type { Attributes } from "../../../src/terraform/configuration.ts";
import type { Module } from "../../../src/terraform/language/module.ts";
import { moduleIn } from "../../../src/terraform/program.ts";
import { folderOf } from "../../support/files.ts";

const FILES = { "src/a.mjs": "a", "src/node_modules/b.js": "b", "src/readme.md": "c" };

/** A module with one data source of the type, named `one`. */
function moduleWith(type: string, one: Attributes, folder = "."): Module {
  const empty = { resource: {}, variable: {}, output: {}, module: {}, locals: {}, provider: {}, places: new Map() };
  const files = { folder, ...empty, data: { [type]: { one } } };
  return moduleIn({ files, calls: {} }, { folder, region: "cn-north-1", accountId: "000000000000" });
}

const attribute = (type: string, one: Attributes, name: string): unknown =>
  moduleWith(type, one).evaluate(`\${data.${type}.one.${name}}`, "local.test");

const policy = (document: Attributes) => JSON.parse(String(attribute("aws_iam_policy_document", document, "json")));

const statement = (Sid: string, Action: string): object => ({ Sid, Effect: "Allow", Action, Resource: "*" });

describe("terraform/data-sources", () => {
  it("describe the account and the region of the emulator", () => {
    expect(attribute("aws_region", {}, "name")).to.equal("cn-north-1");
    expect(attribute("aws_caller_identity", {}, "account_id")).to.equal("000000000000");
    expect(attribute("aws_partition", {}, "partition")).to.equal("aws-cn");
    expect(attribute("aws_partition", {}, "reverse_dns_prefix")).to.equal("cn.com.amazonaws");
  });

  it("find the policies of AWS by name", () => {
    const byName = (name: string) => attribute("aws_iam_policy", { name }, "arn");
    expect(byName("AWSLambdaBasicExecutionRole")).to.equal(
      "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    );
    const arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess";
    expect(String(attribute("aws_iam_policy", { arn }, "policy"))).to.include("dynamodb:*");
    expect(() => attribute("aws_iam_policy", { arn: `${arn}X` }, "policy")).to.throw("does not know the policy");
  });

  it("merge policy documents, of which later ones replace statements with the same Sid", () => {
    const source = JSON.stringify({ Statement: [statement("a", "a:One"), statement("b", "b:One")] });
    const override = JSON.stringify({ Statement: statement("b", "b:Two") });
    const own = [{ sid: "c", actions: ["c:One"], resources: ["*"] }];
    const merged = policy({ source_policy_documents: [source], override_policy_documents: [override], statement: own });
    expect(merged).to.deep.equal({
      Version: "2012-10-17",
      Statement: [statement("a", "a:One"), statement("b", "b:Two"), statement("c", "c:One")],
    });
    expect(() => policy({ source_policy_documents: ["{"] })).to.throw("is not valid JSON");
  });

  it("write principals as the provider does", () => {
    const withPrincipals = (principals: Attributes[]) =>
      policy({ statement: [{ actions: ["a:B"], principals }] }).Statement[0];
    expect(withPrincipals([{ type: "*", identifiers: ["*"] }]).Principal).to.equal("*");
    expect(
      withPrincipals([
        { type: "AWS", identifiers: ["a", "b"] },
        { type: "Service", identifiers: ["c"] },
      ]).Principal,
    ).to.deep.equal({ AWS: ["b", "a"], Service: "c" });
  });

  for (const [title, archive, names] of [
    ["one file", { source_file: "src/a.mjs" }, ["a.mjs"]],
    ["a folder without some files", { source_dir: "src", excludes: ["node_modules", "*.md"] }, ["a.mjs"]],
    ["inline files", { source: [{ content: "x", filename: "x.js" }] }, ["x.js"]],
    ["one inline file", { source_content: "y", source_content_filename: "y.js" }, ["y.js"]],
  ] as const) {
    it(`archive ${title}`, () => {
      const folder = folderOf(FILES);
      const module = moduleWith("archive_file", { output_path: "out.zip", ...archive } as Attributes, folder);
      const { pathOf } = codeArchives(
        { folder, onRead: () => undefined },
        module.instances("data", "archive_file", "one"),
      );
      const path = pathOf({ filename: "out.zip" }, "a");
      expect(Object.keys(unzipSync(readFileSync(path)))).to.deep.equal(names);
      expect(module.evaluate("${data.archive_file.one.output_base64sha256}", "a")).to.match(/^[\w+/]{43}=$/);
    });
  }
});
