import { expect } from "chai";
import { readStack, type StackOptions } from "../../src/terraform/stack.ts";
import { folderOf } from "../support/files.ts";
import { HCL_STACK } from "../support/hcl-stack.ts";
import { rejection } from "../support/rejection.ts";

const environment = {};

const read = (files: Readonly<Record<string, string>> = {}, options: StackOptions = {}) =>
  readStack(folderOf({ ...HCL_STACK, ...files }), { environment, variables: ["stage=dev"], ...options });

/** The stack with some text of `main.tf` or `api.tf` replaced. */
const edited = (from: string, to: string, options?: StackOptions) => {
  const all = Object.entries(HCL_STACK).map(([name, text]) => [name, text.replaceAll(from, to)]);
  return read(Object.fromEntries(all), options);
};

describe("terraform/stack in HCL", () => {
  it("plays the resources of modules with for_each", async () => {
    const { functions, routes, roles, tables, stage } = await read();
    expect(functions.map(({ name }) => name)).to.deep.equal([
      "chat-dev-connect",
      "chat-dev-default",
      "chat-dev-disconnect",
    ]);
    expect(routes.map(({ key, hasRouteResponse }) => [key, hasRouteResponse])).to.deep.equal([
      ["$connect", false],
      ["$default", true],
      ["$disconnect", false],
    ]);
    for (const { integration } of routes) expect(integration).to.include({ type: "AWS_PROXY", mayInvoke: true });
    expect([...roles.values()].map(({ address }) => address)).to.include('module.function["default"].aws_iam_role.own');
    expect(tables).to.deep.include({
      name: "chat-dev-items",
      keys: [{ attribute: "pk", role: "HASH", type: "S" }],
      indexes: [],
      ttlAttribute: undefined,
    });
    expect(stage.name).to.equal("dev");
  });

  it("evaluates the attributes of functions", async () => {
    const [connect] = (await read()).functions;
    const { POLICY, ...variables } = connect?.environment ?? {};
    expect(connect).to.include({ memoryMegabytes: 256, timeoutSeconds: 3 });
    expect(variables).to.deep.equal({
      ROUTE: "${name}",
      TABLE: "chat-dev-items",
      REGION: "eu-west-1",
      PARTITION: "aws",
      NUMBER: "1.5",
    });
    expect(JSON.parse(POLICY ?? "").Statement[0]).to.deep.include({
      Sid: "one",
      Resource: ["arn:aws:dynamodb:*:*:table/b", "arn:aws:dynamodb:*:*:table/a"],
    });
  });

  it("reads variables from files, flags and the environment, in the order of Terraform", async () => {
    const files = { "terraform.tfvars": 'settings = { memory = 300 }\nregion = "us-east-1"\n' };
    const first = await read(files, { environment: { TF_VAR_region: "eu-south-1" } });
    expect([first.region, first.functions[0]?.memoryMegabytes]).to.deep.equal(["us-east-1", 300]);
    const own = folderOf({ "own.tfvars.json": { region: "eu-north-1" } });
    const second = await read(files, { variableFiles: [`${own}/own.tfvars.json`] });
    expect(second.region).to.equal("eu-north-1");
    const third = await read(
      { "a.auto.tfvars": 'region = "eu-west-3"\n' },
      { variables: ["stage=x", "region=eu-west-2"] },
    );
    expect([third.region, third.stage.name]).to.deep.equal(["eu-west-2", "x"]);
    expect((await read({}, { environment: { TF_VAR_region: "eu-south-1" } })).region).to.equal("eu-south-1");
    const typed = await read({}, { variables: ["stage=dev", "settings={ memory = 512 }"] });
    expect(typed.functions[0]?.memoryMegabytes).to.equal(512);
  });

  for (const [title, options, reason] of [
    ["a variable without a value", { variables: [] }, /The variable "stage" has no value\. Pass --var stage=VALUE/],
    [
      "a flag for an unknown variable",
      { variables: ["stage=a", "gone=b"] },
      /--var sets "gone", which is not a variable/,
    ],
    [
      "a file of variables that does not exist",
      { variableFiles: ["gone.tfvars"] },
      /gone\.tfvars of --var-file does not exist/,
    ],
    [
      "a flag that is not of its type",
      { variables: ["stage=dev", "settings={"] },
      /The value of --var settings is not an expression/,
    ],
    ["a flag without a value", { variables: ["stage"] }, /"stage"/],
  ] as const) {
    it(`rejects ${title}`, async () => {
      expect(await rejection(read({}, options))).to.match(reason);
    });
  }

  it("names all problems with their files and lines", async () => {
    const kinesis =
      'resource "aws_kinesis_stream" "a" {\n}\n\nmodule "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n';
    const files = {
      "modules/function/main.tf": HCL_STACK["modules/function/main.tf"]?.replace("nodejs22.x", "python3.12"),
    };
    const message = await rejection(
      read({
        ...(files as Record<string, string>),
        "more.tf": kinesis,
        "api.tf": `${HCL_STACK["api.tf"]}\noutput "a" {\n  value = 1\n}\n`.replace(
          "name        = var.stage",
          "name        = var.gone",
        ),
      }),
    );
    expect(message).to.include("aws_kinesis_stream.a (more.tf:1)");
    expect(message).to.include('module.vpc (more.tf:4) has the source "terraform-aws-modules/vpc/aws"');
    expect(message).to.include("Run terraform init");
    expect(message).to.match(
      /module\.function\["connect"\]\.aws_lambda_function\.own \(modules\/function\/main\.tf:\d+\)/,
    );
    expect(message).to.include("${var.gone} in aws_apigatewayv2_stage.only.name (api.tf:29)");
  });

  it("rejects a value that does not pass the validation of its variable", async () => {
    const validation = `variable "size" {
  default = "huge"
  validation {
    condition     = contains(["small", "large"], var.size)
    error_message = "Use small or large."
  }
}
`;
    expect(await rejection(read({ "size.tf": validation }))).to.equal(
      "var.size (size.tf:1) has an invalid value: Use small or large. Set another value.",
    );
    expect((await read({ "size.tf": validation }, { variables: ["stage=dev", "size=small"] })).stage.name).to.equal(
      "dev",
    );
  });

  it("rejects a local module that does not exist", async () => {
    expect(await rejection(edited('"./modules/function"', '"./modules/gone"'))).to.match(
      /^module\.function \(main\.tf:\d+\) has the source "\.\/modules\/gone", but .*modules\/gone is not a folder\./,
    );
  });

  for (const [title, text, reason] of [
    ["is truncated", '{"Modules":[', 'is not JSON with a list "Modules"'],
    ["has no list of modules", '{"Modules":{}}', 'is not JSON with a list "Modules"'],
    ["has a module without a folder", '{"Modules":[{"Key":"a"}]}', 'has a module without "Key" or "Dir": {"Key":"a"}'],
  ] as const) {
    it(`names the list of installed modules if it ${title}`, async () => {
      const message = await rejection(read({ ".terraform/modules/modules.json": text }));
      expect(message).to.include(`/.terraform/modules/modules.json, which terraform init writes, ${reason}.`);
      expect(message).to.match(/Run terraform init again\.$/);
    });
  }

  for (const [title, files] of [
    ["itself", { "more.tf": 'module "again" {\n  source = "./"\n}\n' }],
    [
      "its caller",
      {
        "again/main.tf": 'module "root" {\n  source = "../"\n}\n',
        "more.tf": 'module "again" {\n  source = "./again"\n}\n',
      },
    ],
  ] as const) {
    it(`gives one reason if a module contains ${title}`, async () => {
      expect(await rejection(read(files))).to.match(
        /^module\.again.* has the source \/.*, which is the folder of a module that/,
      );
    });
  }

  it("reads modules that terraform init installed", async () => {
    const source = HCL_STACK["main.tf"]?.replace('"./modules/function"', '"example/function/aws"') ?? "";
    const installed = { Modules: [{ Key: "function", Source: "x", Dir: ".terraform/modules/function" }] };
    const files = {
      "main.tf": source,
      ".terraform/modules/modules.json": JSON.stringify(installed),
      ".terraform/modules/function/main.tf": HCL_STACK["modules/function/main.tf"] ?? "",
    };
    expect((await read(files)).functions).to.have.length(3);
  });

  it("runs functions from the folder of an archive_file, or from an archive of some of its files", async () => {
    const archive = (more: string) => `data "archive_file" "code" {
  type        = "zip"
  source_dir  = "src"
  output_path = "code.zip"
  ${more}
}
`;
    const source = { "src/index.mjs": "export {}", "src/secret.txt": "" };
    const whole = await read({ ...source, "archive.tf": archive("") });
    expect(whole.functions[0]?.archivePath).to.match(/\/src$/);
    const some = await read({ ...source, "archive.tf": archive('excludes = ["secret.txt"]') });
    expect(some.functions[0]?.archivePath).to.match(/archive\.zip$/);
    expect(await rejection(read({ "archive.tf": archive("") }))).to.include("/src, which does not exist");
  });

  it("plays only the default region", async () => {
    const alias = 'provider "aws" {\n  alias  = "us"\n  region = "us-east-1"\n}\n';
    expect(
      await rejection(
        edited(
          'resource "aws_dynamodb_table" "items" {',
          `${alias}\nresource "aws_dynamodb_table" "items" {\n  provider = aws.us\n`,
        ),
      ),
    ).to.include("is in the region us-east-1, because of its provider aws.us.");
  });

  it("plays the WebSocket API of a stack that also has an HTTP API", async () => {
    const http = `resource "aws_apigatewayv2_api" "http" {
  name          = "http"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_route" "http" {
  api_id    = aws_apigatewayv2_api.http.id
  route_key = "GET /"
}
`;
    const { routes, notPlayed } = await read({ "http.tf": http });
    expect(routes).to.have.length(3);
    expect(notPlayed).to.deep.equal(["aws_apigatewayv2_api.http (HTTP API)", "aws_apigatewayv2_route.http (HTTP API)"]);
  });

  it("generates random values that stay the same, and warns about commands that it does not run", async () => {
    const random = `resource "random_id" "a" {
  byte_length = 4
}
resource "null_resource" "install" {
  provisioner "local-exec" {
    command = "npm install"
  }
}
`;
    const withName = {
      "main.tf": HCL_STACK["main.tf"]?.replace('"chat-${var.stage}"', '"chat-${random_id.a.hex}"') ?? "",
    };
    const [one, other] = [await read({ ...withName, "a.tf": random }), await read({ ...withName, "a.tf": random })];
    expect(one.tables[0]?.name).to.match(/^chat-[\da-f]{8}-items$/);
    expect(other.tables[0]?.name).to.equal(one.tables[0]?.name);
    expect(one.warnings.join()).to.include("null_resource.install (a.tf:4) has a provisioner local-exec");
    expect(one.notPlayed).to.deep.equal([]);
  });

  it("rejects a folder without a WebSocket API", async () => {
    const folder = folderOf({ "main.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n' });
    expect(await rejection(readStack(folder))).to.include("contains no WebSocket API");
  });

  it("reads the only stack of a CDKTF output, and names the stacks if there are several", async () => {
    const stack = { provider: { aws: [{ region: "eu-west-2" }] } };
    const manifest = (...names: string[]) => ({
      stacks: Object.fromEntries(names.map((name) => [name, { workingDirectory: `stacks/${name}` }])),
    });
    const files = { "stacks/a/cdk.tf.json": stack, "stacks/b/cdk.tf.json": stack };
    expect(await rejection(readStack(folderOf({ ...files, "manifest.json": manifest("a") })))).to.match(
      /stacks\/a contains no WebSocket API/,
    );
    expect(await rejection(readStack(folderOf({ ...files, "manifest.json": manifest("a", "b") })))).to.match(
      /contains 2 stacks\. Pass the folder of one of them: .*stacks\/a, .*stacks\/b\./,
    );
  });
});
