import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readStack } from "../../src/terraform/stack.ts";
import { fixtureStack, returning } from "../../src/testing/fixture-stack.ts";
import { rejection } from "../support/rejection.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const ok = returning("{ statusCode: 200 }");

describe("terraform/stack", () => {
  it("reads the timeout of an integration, which is 29 seconds by default", async () => {
    const routes = { quick: { code: ok, integration: { timeout_milliseconds: 50 } }, usual: { code: ok } };
    const { routes: read } = await readStack(fixtureStack({ routes }));
    expect(
      Object.fromEntries(read.map(({ key, integration }) => [key, integration?.timeoutMilliseconds])),
    ).to.deep.equal({
      quick: 50,
      usual: 29_000,
    });
  });

  it("rejects a folder without a synthesized stack", async () => {
    expect(await rejection(readStack(temporaryDirectory()))).to.include("contains no Terraform.");
  });

  it("rejects an unsupported resource type, by name", async () => {
    const resources = { aws_kinesis_stream: { topic: { name: "topic" } } };
    expect(await rejection(readStack(fixtureStack({ resources })))).to.include(
      "The emulator does not support the resource type aws_kinesis_stream.",
    );
  });

  it("rejects a data source that functions need, by name, and lists others as not played", async () => {
    const data = { aws_ami: { main: { owners: ["self"] } } };
    expect((await readStack(fixtureStack({ data }))).notPlayed).to.deep.equal(["data.aws_ami"]);
    const routes = { go: { code: ok, lambda: { function_name: "${data.aws_ami.main.id}" } } };
    expect(await rejection(readStack(fixtureStack({ data, routes })))).to.include(
      "The emulator does not support the data source aws_ami, because it does not call AWS.",
    );
  });

  it("lists resources that have no effect locally, and reads the rest", async () => {
    const resources = { aws_route53_record: { alias: { zone_id: "${data.aws_route53_zone.zone.zone_id}" } } };
    const data = { aws_route53_zone: { zone: { name: "example.com" } } };
    const { notPlayed } = await readStack(fixtureStack({ resources, data }));
    expect(notPlayed).to.deep.equal(["aws_route53_record", "aws_route53_zone"]);
  });

  it("does not play a website, and gives functions the domain name of its distribution", async () => {
    const resources = {
      aws_s3_bucket: { site: { bucket_prefix: "site-" } },
      aws_s3_object: { start: { bucket: "${aws_s3_bucket.site.id}", key: "index.html", content: "" } },
      aws_cloudfront_distribution: {
        site: { enabled: true, origin: [{ domain_name: "${aws_s3_bucket.site.bucket_regional_domain_name}" }] },
      },
    };
    const variables = { ORIGIN: "https://${aws_cloudfront_distribution.site.domain_name}" };
    const routes = { asked: { code: ok, lambda: { environment: { variables } } } };
    const { notPlayed, functions } = await readStack(fixtureStack({ resources, routes }));
    expect(notPlayed).to.have.members(["aws_s3_bucket", "aws_s3_object", "aws_cloudfront_distribution"]);
    expect(functions[0]?.environment.ORIGIN).to.match(/^https:\/\/d\w{14}\.cloudfront\.net$/);
  });

  it("lists an attribute that has no effect locally, and reads its resource", async () => {
    const traces = { Effect: "Allow", Action: "xray:PutTraceSegments", Resource: "*" };
    const lambda = { tracing_config: { mode: "Active" }, depends_on: ["aws_iam_role_policy.traced"] };
    const routes = { traced: { code: ok, policy: { Version: "2012-10-17", Statement: [traces] }, lambda } };
    const { notPlayed, functions } = await readStack(fixtureStack({ routes }));
    expect(notPlayed).to.deep.equal(["aws_lambda_function.tracing_config"]);
    expect(functions).to.have.length(1);
  });

  it("rejects an unsupported attribute, by name", async () => {
    const routes = { slow: { code: ok, lambda: { vpc_config: { subnet_ids: [] } } } };
    expect(await rejection(readStack(fixtureStack({ routes })))).to.include(
      'The emulator does not support "vpc_config" of aws_lambda_function.slow.',
    );
  });

  it("accepts the default value of an attribute that it does not support, and rejects other values", async () => {
    const withIntegration = (integration: object) =>
      readStack(fixtureStack({ routes: { go: { code: ok, integration } } }));
    const defaults = { payload_format_version: "1.0", content_handling_strategy: "CONVERT_TO_TEXT", tls_config: [] };
    expect(
      (await withIntegration({ connection_type: "INTERNET", connection_id: null, ...defaults })).routes,
    ).to.have.length(1);
    expect(await rejection(withIntegration({ connection_type: "VPC_LINK" }))).to.equal(
      'The emulator does not support "VPC_LINK" as "connection_type" of aws_apigatewayv2_integration.go. It supports only INTERNET. Remove the attribute, or set it to that value.',
    );
  });

  it("accepts any expression in attributes that have no effect locally", async () => {
    const resources = {
      aws_apigatewayv2_deployment: {
        now: { api_id: "${aws_apigatewayv2_api.api.id}", triggers: { all: '${sha1(file("main.tf"))}' } },
      },
    };
    const lambda = {
      source_code_hash: "${data.archive_file.app.output_base64sha256}",
      tags: "${merge(local.tags, {})}",
    };
    const { functions } = await readStack(fixtureStack({ resources, routes: { go: { code: ok, lambda } } }));
    expect(functions).to.have.length(1);
  });

  it("rejects an expression in a required attribute, even if it has no effect locally", async () => {
    const resources = { aws_iam_role: { say: { name: "say", assume_role_policy: '${file("policy.json")}' } } };
    expect(await rejection(readStack(fixtureStack({ resources })))).to.include(
      "in aws_iam_role.say.assume_role_policy.",
    );
  });

  it("reads the region of the environment if the provider has none", async () => {
    const folder = fixtureStack();
    writeFileSync(
      join(folder, "cdk.tf.json"),
      readFileSync(join(folder, "cdk.tf.json"), "utf8").replace('"region":"eu-west-2"', '"profile":"me"'),
    );
    expect((await readStack(folder, { environment: { AWS_REGION: "eu-north-1" } })).region).to.equal("eu-north-1");
    const message = await rejection(readStack(folder, { environment: {} }));
    expect(message).to.include("has no valid region.").and.to.include("AWS_REGION or AWS_DEFAULT_REGION");
  });

  it("reports functions that it cannot run together with expressions that it cannot resolve", async () => {
    const routes = {
      one: { code: ok, lambda: { runtime: "python3.13" } },
      two: { code: ok, lambda: { function_name: "${var.name}" } },
    };
    const message = await rejection(readStack(fixtureStack({ routes })));
    expect(message).to.include("the runtime python3.13").and.to.include("${var.name}");
  });

  it("rejects a second stage", async () => {
    const api_id = "a";
    const resources = { aws_apigatewayv2_stage: { one: { api_id, name: "one" }, two: { api_id, name: "two" } } };
    expect(await rejection(readStack(fixtureStack({ resources })))).to.include(
      "The stack has 2 resources of the type aws_apigatewayv2_stage. The emulator requires exactly one.",
    );
  });

  it("rejects the arn of a function as the address of an integration, and names its invoke_arn", async () => {
    const routes = { go: { code: ok, integration: { integration_uri: "${aws_lambda_function.go.arn}" } } };
    expect(await rejection(readStack(fixtureStack({ routes })))).to.match(
      /^The route go has an integration whose integration_uri is the arn .* Write \$\{aws_lambda_function\.go\.invoke_arn\}\.$/,
    );
  });

  it("rejects a route whose integration is not a function of the stack", async () => {
    const routes = { away: { code: ok, integration: { integration_uri: "https://example.com" } } };
    expect(await rejection(readStack(fixtureStack({ routes })))).to.include(
      "The route away refers to an aws_lambda_function that is not in the stack.",
    );
  });
});
