import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import type { Environment } from "../../infra/settings/settings.ts";
import { expectedBackend, fileRefusals, terraformRefusals } from "../../scripts/check-stack/terraform.ts";
import { ENABLED } from "../support/environments.ts";
import { projectCopy } from "../support/project-copy.ts";
import { EVERYTHING, environment, ISSUER, MODERATED, STACK, synthesizedChat, WEBSITE } from "../support/synthesized.ts";

const BUCKET = { name: "chat-state-123456789012", region: environment.region };

const remote: Environment = { ...environment, remoteState: true };

const backend = expectedBackend(remote, BUCKET);

type Block = Record<string, unknown>;

/** The Terraform of an allowed stack, which tests change. */
const allowed = (): Block => ({
  terraform: { backend, required_providers: { aws: { source: "aws", version: ">= 5.100.0, < 7.0.0" } } },
  provider: { aws: [{ region: "eu-west-2" }] },
  resource: { aws_sqs_queue: { one: { name: "one" } } },
});

function folderOf(text: string): string {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, "cdk.tf.json"), text);
  return folder;
}

const refusalsOf = (stack: Block): string[] => terraformRefusals(folderOf(JSON.stringify(stack, null, 2)), backend);

const aQueueWith = (own: Block): Block => ({ resource: { aws_sqs_queue: { one: { name: "one", ...own } } } });

/** A change of the allowed Terraform, and the beginning of its refusal. */
const REFUSED: readonly (readonly [change: Block, refusal: string])[] = [
  [{ module: { m: { source: "./m" } } }, "It has the block module;"],
  [{ import: [{ id: "x", to: "aws_sqs_queue.one" }] }, "It has the block import;"],
  [{ variable: { v: { default: "x" } } }, "It has the block variable;"],
  [{ data: { external: { e: { program: ["sh"] } } } }, "It has the data source external;"],
  [{ data: { http: { h: { url: "https://example.com" } } } }, "It has the data source http;"],
  [{ data: { aws_eks_cluster_auth: { a: { name: "x" } } } }, "It has the data source aws_eks_cluster_auth;"],
  [{ data: [{ external: { e: { program: ["sh"] } } }] }, "Not an object: data."],
  [{ resource: { null_resource: { n: {} } } }, "It has the resource type null_resource;"],
  [{ resource: { terraform_data: { n: {} } } }, "It has the resource type terraform_data;"],
  [aQueueWith({ provider: "null.x" }), "A resource of aws_sqs_queue has the provider null.x;"],
  [aQueueWith({ provisioner: [{ "local-exec": { command: "env" } }] }), "A resource has a provisioner,"],
  [aQueueWith({ connection: { host: "example.com" } }), "A resource has a connection,"],
  [
    { resource: { aws_sqs_queue: [{ one: [{ provisioner: { "local-exec": {} } }] }] } },
    "A resource has a provisioner,",
  ],
  ...["/proc/self/environ", "assets/../cdk.tf.json", ["x"]].map((source): [Block, string] => [
    { resource: { aws_s3_object: { one: { source } } } },
    `An S3 object has the source ${JSON.stringify(source)};`,
  ]),
  [{ removed: { from: "aws_x.y", provisioner: { "local-exec": {} } } }, "A resource has a provisioner,"],
  [{ provider: { aws: [{}], external: [{}] } }, "It configures the provider external;"],
  [{ provider: { aws: [{ endpoints: [{ sts: "https://example.com" }] }] } }, "Its provider aws has endpoints;"],
  [{ provider: { aws: [{ region: "x" }, { assume_role: [{}] }] } }, "Its provider aws has assume_role;"],
  [{ provider: [{ aws: {} }] }, "Not an object: provider."],
];

const TERRAFORM: readonly (readonly [own: Block, refusal: string])[] = [
  [{ cloud: { organization: "x" } }, "Its terraform block has cloud;"],
  [{ required_providers: { aws: { source: "mallory/aws" } } }, "It requires the providers aws;"],
  [
    { required_providers: { aws: { source: "aws" }, external: { source: "hashicorp/external" } } },
    "It requires the providers aws, external;",
  ],
  [{ backend: { http: { address: "https://example.com" } } }, "Its backend is"],
  [{ backend: { s3: { ...(backend.s3 as Block), bucket: "mallory" } } }, "Its backend is"],
  [{ backend: { s3: { ...(backend.s3 as Block), endpoints: { s3: "https://example.com" } } } }, "Its backend is"],
  [{ backend: undefined }, "Its backend is undefined;"],
];

const EXPRESSIONS = [
  '${file("/proc/self/environ")}',
  '${filebase64("/proc/self/environ")}',
  '${replace(file("/etc/passwd"), "a", "b")}',
  '${replace(replace(file("/etc/passwd"), "a", "b"), "a", "b")}',
  '${replace("${file("/proc/self/environ")}", "a", "b")}',
  '${templatefile("/proc/self/environ", {})}',
  'a ${aws_sqs_queue.one.arn} ${ file("/proc/self/environ")}',
  "%{ if true }x%{ endif }",
  "$$${timestamp()}",
];

describe("scripts/check-stack", () => {
  it("accepts the stacks of this project, with every setting", () => {
    const variants: readonly Partial<Environment>[] = [
      {},
      { ...EVERYTHING, ...MODERATED, authentication: ISSUER },
      { ...EVERYTHING, ...MODERATED, ...ENABLED },
      { authentication: { kind: "cognito" } },
      { authentication: { kind: "iam" } },
      { ...WEBSITE, authentication: { kind: "cognito" } },
    ];
    for (const own of variants) {
      const folder = synthesizedChat({ environment: { ...own, remoteState: true }, stateBucket: BUCKET });
      expect([...fileRefusals(folder), ...terraformRefusals(folder, backend)]).to.deep.equal([]);
    }
  });

  it("accepts the smallest stack, which the tests of refusals change", () => {
    expect(refusalsOf(allowed())).to.deep.equal([]);
  });

  for (const [change, refusal] of REFUSED) {
    it(`refuses ${JSON.stringify(change)}`, () => expectOneRefusal(refusalsOf({ ...allowed(), ...change }), refusal));
  }

  for (const [own, refusal] of TERRAFORM) {
    it(`refuses the terraform block's ${JSON.stringify(own)}`, () => {
      const { terraform, ...rest } = allowed();
      expectOneRefusal(refusalsOf({ ...rest, terraform: { ...(terraform as Block), ...own } }), refusal);
    });
  }

  for (const expression of EXPRESSIONS) {
    it(`refuses ${expression} as a value and as a key`, () => {
      for (const tags of [{ a: expression }, { [expression]: "a" }]) {
        expectOneRefusal(refusalsOf({ ...allowed(), ...aQueueWith({ tags }) }), "It has the expression");
      }
    });
  }

  it("accepts references, and calls of functions that read only their arguments", () => {
    const values = [
      "${aws_sqs_queue.one.arn} and ${data.aws_partition.current.dns_suffix}",
      "${aws_apigatewayv2_domain_name.domain.domain_name_configuration[0].hosted_zone_id}",
      '${replace(replace(aws_apigatewayv2_api.api.api_endpoint, "wss://", "https://"), "ws://", "http://")}/dev',
      "${tolist(aws_acm_certificate.domain.domain_validation_options).0.resource_record_name}",
    ];
    for (const value of values) expect(refusalsOf({ ...allowed(), ...aQueueWith({ value }) })).to.deep.equal([]);
  });

  it("reads an escaped sequence as text", () => {
    expect(refusalsOf({ ...allowed(), ...aQueueWith({ policy: "$${aws:username} 100%%{" }) })).to.deep.equal([]);
  });

  it("refuses a duplicate key, of which JSON.parse would read only the last", () => {
    const text = JSON.stringify(allowed(), null, 2);
    const twice = text.replace('"aws_sqs_queue": {', '"null_resource": {},\n    "null_resource": {');
    expectOneRefusal(terraformRefusals(folderOf(twice), backend), "cdk.tf.json is not as cdktf writes it");
  });

  for (const name of ["main.tf", "terraform.tfvars", "override.tf.json", ".terraform/modules/modules.json", "run.sh"]) {
    it(`refuses the file ${name}`, () => {
      const folder = folderOf("{}");
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), "");
      expectOneRefusal(fileRefusals(folder), `${name} is not a file of a stack`);
    });
  }

  it("refuses a link, and a lock of another provider", () => {
    const folder = folderOf("{}");
    writeFileSync(join(folder, ".terraform.lock.hcl"), 'provider "registry.terraform.io/mallory/aws" {\n}\n');
    expectOneRefusal(fileRefusals(folder), ".terraform.lock.hcl locks the provider registry.terraform.io/mallory/aws");
    rmSync(join(folder, ".terraform.lock.hcl"));
    symlinkSync("/proc/self/environ", join(folder, "code.zip"));
    expectOneRefusal(fileRefusals(folder), "code.zip is a link or a device");
  });

  it("refuses an environment whose state is a local file, which a workflow would lose", () => {
    expect(() => expectedBackend(environment, BUCKET)).to.throw("Set STATE_BUCKET and remoteState");
    expect(() => expectedBackend(remote, undefined)).to.throw("Set STATE_BUCKET and remoteState");
  });

  describe("as a command, with no package installed", () => {
    const project = projectCopy({ environment: { remoteState: true } });
    const settings = join(project, "infra/environments.ts");
    const bucket = `StateBucket | undefined = ${JSON.stringify(BUCKET)};`;
    writeFileSync(settings, readFileSync(settings, "utf8").replace("StateBucket | undefined = undefined;", bucket));
    rmSync(join(project, "node_modules"));
    const tsx = import.meta.resolve("tsx");
    const check = (...args: string[]) =>
      promisify(execFile)(process.execPath, ["--import", tsx, "scripts/check-stack.ts", ...args], {
        cwd: project,
      }).then(
        ({ stdout }) => ({ code: 0, output: stdout }),
        ({ code, stderr }) => ({ code, output: stderr }),
      );

    it("prints the folder of the stack", async () => {
      const folder = synthesizedChat({ environment: { remoteState: true }, stateBucket: BUCKET });
      const outcome = await check("--stacks", dirname(folder), "--environment", environment.name);
      expect(outcome).to.deep.equal({ code: 0, output: `${join(dirname(folder), STACK)}\n` });
    });

    it("ends with exit code 1, and reports all refusals", async () => {
      const stacks = temporaryDirectory();
      mkdirSync(join(stacks, STACK));
      writeFileSync(join(stacks, STACK, "main.tf"), "");
      writeFileSync(join(stacks, STACK, "cdk.tf.json"), JSON.stringify({ ...allowed(), module: {} }, null, 2));
      const { code, output } = await check("--stacks", stacks);
      expect(code).to.equal(1);
      expect(output).to.match(/^The stack chat-dev is refused, .* main\.tf is not a file .* the block module;/);
    });

    it("reports a missing stack", async () => {
      expect((await check("--stacks", temporaryDirectory())).output).to.match(
        /^The folder .*chat-dev does not exist\./,
      );
    });
  });
});

function expectOneRefusal(refusals: readonly string[], start: string): void {
  expect(refusals.map((refusal) => refusal.slice(0, start.length))).to.deep.equal([start]);
}
