import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { block, blocks, type Configuration, readConfiguration } from "../../src/terraform/configuration.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const provider = { aws: [{ region: "eu-west-2" }] };

function configuration(content: object | string, file = "cdk.tf.json"): Configuration {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, file), typeof content === "string" ? content : JSON.stringify(content));
  return readConfiguration(directory);
}

describe("terraform/configuration", () => {
  it("reads the region, resources and data from either file name", () => {
    const resource = { aws_iam_role: { say: { name: "say" } } };
    const data = { aws_route53_zone: { zone: { name: "example.com" } } };
    const content = { provider, resource, data, output: {}, terraform: {} };
    const read = { region: "eu-west-2", resource, data, defaultTags: {} };
    expect(configuration(content)).to.deep.equal(read);
    expect(configuration(content, "main.tf.json")).to.deep.equal(read);
  });

  it("removes CDKTF's metadata at any depth", () => {
    const noted = { "//": { metadata: {} }, aws_iam_role: { say: { "//": "note", name: "say" } } };
    expect(configuration({ "//": {}, provider, resource: noted }).resource).to.deep.equal({
      aws_iam_role: { say: { name: "say" } },
    });
  });

  it("reads blocks that are bare or in a list of one", () => {
    const bare = { provider: { aws: { region: "eu-west-2" } }, resource: { aws_iam_role: { say: { name: "say" } } } };
    const listed = { provider: [provider], resource: [{ aws_iam_role: [{ say: [{ name: "say" }] }] }] };
    expect(configuration(listed)).to.deep.equal(configuration(bare));
  });

  it("rejects unsupported blocks by name", () => {
    expect(() => configuration({ provider, module: {} })).to.throw(
      /does not support the block "module" in .*cdk\.tf\.json\. It supports/,
    );
  });

  for (const [title, own] of Object.entries({
    "no provider": undefined,
    "no region": { aws: [{}] },
    "a variable as its region": { aws: [{ region: "${var.region}" }] },
  })) {
    it(`rejects a stack with ${title}`, () => {
      expect(() => configuration({ provider: own })).to.throw("has no valid region.");
    });
  }

  it("rejects a file that is not JSON, and a folder without Terraform", () => {
    expect(() => configuration("{")).to.throw(/^Cannot read Terraform from .*cdk\.tf\.json: /);
    expect(() => readConfiguration(temporaryDirectory())).to.throw(
      /^The folder .* contains no Terraform\. .*cdk\.tf\.json/,
    );
    expect(() => readConfiguration("/nowhere")).to.throw(/^\/nowhere is not a folder\. Pass a folder/);
  });

  for (const [title, others, reason] of [
    ["only HCL", ["main.tf", "api.tf"], /contains Terraform in HCL: api\.tf, main\.tf\. .*Convert the HCL to JSON/],
    ["HCL and JSON", ["cdk.tf.json", "more.tf"], /contains Terraform in HCL: more\.tf\./],
    ["several files", ["cdk.tf.json", "more.tf.json"], /contains cdk\.tf\.json, more\.tf\.json\. .*reads one file/],
    ["a file with another name", ["infra.tf.json"], /contains infra\.tf\.json\. .*reads one file/],
  ] as const) {
    it(`rejects a folder with ${title}`, () => {
      const folder = temporaryDirectory();
      for (const name of others) writeFileSync(join(folder, name), JSON.stringify({ provider }));
      expect(() => readConfiguration(folder)).to.throw(reason);
    });
  }

  it("removes attributes that are null", () => {
    const { resource } = configuration({ provider, resource: { aws_iam_role: { say: { name: "say", path: null } } } });
    expect(resource).to.deep.equal({ aws_iam_role: { say: { name: "say" } } });
  });

  it("returns all blocks of a kind, or the only one", () => {
    expect(blocks(undefined)).to.deep.equal([]);
    expect(blocks(null)).to.deep.equal([]);
    expect(blocks({ a: 1 })).to.deep.equal([{ a: 1 }]);
    expect(blocks([{ a: 1 }, { a: 2 }])).to.have.length(2);
    expect(block(undefined)).to.deep.equal({});
    expect(block([{ a: 1 }])).to.deep.equal({ a: 1 });
  });
});
