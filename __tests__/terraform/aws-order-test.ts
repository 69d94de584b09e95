import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import type { HttpRequest } from "../support/aws-models/call.ts";
import {
  addPermission,
  createAuthorizer,
  createFunction,
  createRoute,
  createSchedule,
  createSecret,
  createStage,
  invokeConfig,
  json,
  putRolePolicy,
  rest,
  statement,
} from "../support/aws-models/sample-requests.ts";
import { strictAws } from "../support/aws-models/strict-aws.ts";
import { emptyTally, TALLIES, tallyFile } from "../support/aws-models/tally.ts";
import { completeDomain } from "../support/moto/api-gateway.ts";
import { ROOT } from "../support/project-copy.ts";

/** The existing resources in moto's answers, by the path, the action or the target of a request. */
type There = Readonly<Record<string, object | string>>;

const nameOf = ({ url, headers, body }: HttpRequest): string =>
  headers["x-amz-target"] ?? new URLSearchParams(body).get("Action") ?? url;

/** Requests that are rejected if these resources exist. All other lists are empty. */
async function refusal(request: HttpRequest, there: There): Promise<string> {
  const aws = strictAws(
    async (asked) => {
      const answer =
        there[nameOf(asked)] ?? (asked.headers["content-type"]?.includes("form") ? "<Empty/>" : { items: [] });
      return typeof answer === "string" ? answer : JSON.stringify(answer);
    },
    () => undefined,
  );
  const refused = await aws.refusal(request);
  return refused ? `${refused.status} ${refused.headers["x-amzn-errortype"] ?? ""} ${refused.body}` : "accepted";
}

const deleteOf = (path: string): HttpRequest => rest("apigateway", `DELETE ${path}`, "");

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/c0ffee00-0000-4000-8000-000000000000";
const deleteCertificate = json("acm", "CertificateManager.DeleteCertificate", { CertificateArn: CERTIFICATE });
const distributed = (arn: string): There => ({
  "/2020-05-31/distribution": `<Items><ACMCertificateArn>${arn}</ACMCertificateArn></Items>`,
});

const ROUTES = { items: [{ routeId: "r1", routeKey: "$connect", authorizerId: "a1", target: "integrations/i1" }] };
const DOMAINS = {
  "/v2/domainnames": { items: [{ domainName: "chat.example.com" }] },
  "/v2/domainnames/chat.example.com/apimappings": { items: [{ apiId: "abc", stage: "dev" }] },
};
const AUTHORIZER = { "/v2/apis/abc/authorizers/a1": { name: "tokens" } };

const trusting = (service: string): string => {
  const document = JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service: service } }] });
  return `<R><AssumeRolePolicyDocument>${encodeURIComponent(document)}</AssumeRolePolicyDocument></R>`;
};

/** A role for Lambda with one inline policy. */
const roleWith = (Action: string, Resource = "*"): There => ({
  GetRole: trusting("lambda.amazonaws.com"),
  ListRolePolicies: "<R><PolicyNames><member>own</member></PolicyNames></R>",
  GetRolePolicy: `<R><PolicyDocument>${encodeURIComponent(JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] }))}</PolicyDocument></R>`,
  "/2015-03-31/functions/chat-fan-out/configuration": { Role: "arn:aws:iam::123456789012:role/chat" },
});

const traced = createFunction({ TracingConfig: { Mode: "Active" } });
const queued = createFunction({ DeadLetterConfig: { TargetArn: "arn:aws:sqs:eu-west-2:123456789012:chat" } });
const published = createFunction({ DeadLetterConfig: { TargetArn: "arn:aws:sns:eu-west-2:123456789012:chat" } });
const inVpc = createFunction({ VpcConfig: { SubnetIds: ["subnet-1234abcd"], SecurityGroupIds: ["sg-1234abcd"] } });
const polling = rest("lambda", "POST /2015-03-31/event-source-mappings", {
  FunctionName: "chat-fan-out",
  EventSourceArn: "arn:aws:sqs:eu-west-2:123456789012:chat",
});

const keyOf = (KeyState: string) => ({ KeyMetadata: { KeyId: "1234", KeyState } });
const secret = (body: object, operation = "UpdateSecret") =>
  json("secretsmanager", `secretsmanager.${operation}`, { SecretId: "chat/github", ...body });
const OWN_KEY = { KmsKeyId: "arn:aws:kms:eu-west-2:123456789012:key/1234", VersionIdsToStages: { v1: ["AWSCURRENT"] } };
const described = (KeyState: string, own: object = OWN_KEY): There => ({
  "secretsmanager.DescribeSecret": own,
  "TrentService.DescribeKey": keyOf(KeyState),
});
const AWS_KEY = { KmsKeyId: "alias/aws/secretsmanager" };

const CASES: readonly (readonly [title: string, request: HttpRequest, there: There, answer: RegExp])[] = [
  [
    "an authorizer in use",
    deleteOf("/v2/apis/abc/authorizers/a1"),
    { "/v2/apis/abc/routes": ROUTES, ...AUTHORIZER },
    /^409 ConflictException .*Cannot delete authorizer 'tokens', is referenced in route: \$connect/,
  ],
  [
    "an authorizer that no route uses",
    deleteOf("/v2/apis/abc/authorizers/a2"),
    { "/v2/apis/abc/routes": ROUTES },
    /^accepted/,
  ],
  [
    "an integration in use",
    deleteOf("/v2/apis/abc/integrations/i1"),
    { "/v2/apis/abc/routes": ROUTES },
    /^409 ConflictException .*referenced by the following Routes with Ids: \[r1\]/,
  ],
  [
    "an integration that no route uses",
    deleteOf("/v2/apis/abc/integrations/i2"),
    { "/v2/apis/abc/routes": ROUTES },
    /^accepted/,
  ],
  [
    "a deployment in use",
    deleteOf("/v2/apis/abc/deployments/d1"),
    { "/v2/apis/abc/stages": { items: [{ deploymentId: "d1" }] } },
    /^400 BadRequestException .*Active stages pointing to this deployment/,
  ],
  [
    "a stage with a mapping",
    deleteOf("/v2/apis/abc/stages/dev"),
    DOMAINS,
    /^409 ConflictException .*API mappings of: chat\.example\.com/,
  ],
  ["another stage", deleteOf("/v2/apis/abc/stages/old"), DOMAINS, /^accepted/],
  [
    "an API with a mapping",
    deleteOf("/v2/apis/abc"),
    DOMAINS,
    /^400 BadRequestException .*Please remove all API mappings/,
  ],
  [
    "a route key that exists",
    createRoute(),
    { "/v2/apis/abc/routes": ROUTES },
    /^409 ConflictException .*Route with key \$connect already exists/,
  ],
  [
    "a stage that exists",
    createStage(),
    { "/v2/apis/abc/stages": { items: [{ stageName: "dev" }] } },
    /^409 ConflictException .*Stage already exists/,
  ],
  ["access logs without a role", createStage(), {}, /^400 BadRequestException .*CloudWatch Logs role ARN must be set/],
  ["access logs with a role", createStage(), { "/account": { cloudwatchRoleArn: "arn" } }, /^accepted/],
  [
    "an authorizer's name that exists",
    createAuthorizer(),
    { "/v2/apis/abc/authorizers": { items: [{ name: "chat" }] } },
    /^400 BadRequestException .*Authorizer name must be unique/,
  ],
  [
    "a role that Lambda cannot assume",
    createFunction(),
    { GetRole: trusting("ec2.amazonaws.com") },
    /^400 InvalidParameterValueException .*cannot be assumed by Lambda/,
  ],
  [
    "a traced function without the right",
    traced,
    roleWith("logs:*"),
    /^400 InvalidParameterValueException .*PutTraceSegments on XRAY/,
  ],
  ["a traced function with the right", traced, roleWith("xray:Put*"), /^accepted/],
  [
    "a dead letter queue without the right",
    queued,
    roleWith("sqs:SendMessage", "arn:aws:sqs:eu-west-2:123456789012:other"),
    /SendMessage on SQS/,
  ],
  [
    "a dead letter queue with the right",
    queued,
    roleWith("sqs:SendMessage", "arn:aws:sqs:eu-west-2:123456789012:chat"),
    /^accepted/,
  ],
  ["a dead letter topic without the right", published, roleWith("sqs:SendMessage"), /Publish on SNS/],
  ["a VPC without the right", inVpc, roleWith("logs:*"), /CreateNetworkInterface on EC2/],
  [
    "a failure destination without the right",
    invokeConfig(),
    roleWith("sqs:ReceiveMessage"),
    /SendMessage on arn:aws:sqs:eu-west-2:123456789012:chat/,
  ],
  ["a failure destination with the right", invokeConfig(), roleWith("sqs:SendMessage"), /^accepted/],
  ["a queue that the function cannot receive from", polling, roleWith("sqs:SendMessage"), /ReceiveMessage on SQS/],
  [
    "a role that Scheduler cannot assume",
    createSchedule(),
    { GetRole: trusting("lambda.amazonaws.com") },
    /^400 ValidationException .*Scheduler to assume the role/,
  ],
  [
    "inline policies of more than 10,240 characters",
    putRolePolicy({ PolicyDocument: statement({ Sid: "x".repeat(6000) }) }),
    roleWith("dynamodb:Query", `arn:aws:dynamodb:eu-west-2:123456789012:table/${"x".repeat(4000)}`),
    /Maximum policy size of 10240 bytes exceeded for role chat/,
  ],
  ["a permission, which has no such rule", addPermission(), {}, /^accepted/],
  [
    "a secret in a key that is scheduled for deletion",
    createSecret({ KmsKeyId: OWN_KEY.KmsKeyId }),
    described("PendingDeletion"),
    /^400 EncryptionFailure/,
  ],
  [
    "a value in a key that is scheduled for deletion",
    secret({ ClientRequestToken: "0c5e2a86-6d7b-4d62-9f0e-2f0f9d1c7a11", SecretString: "x" }, "PutSecretValue"),
    described("PendingDeletion"),
    /^400 EncryptionFailure/,
  ],
  [
    "another key for a value whose key is scheduled for deletion",
    secret(AWS_KEY),
    described("PendingDeletion"),
    /^400 DecryptionFailure/,
  ],
  [
    "another key for a secret without a value",
    secret(AWS_KEY),
    described("PendingDeletion", { ...OWN_KEY, VersionIdsToStages: {} }),
    /^accepted/,
  ],
  ["another key for a value whose key works", secret(AWS_KEY), described("Enabled"), /^accepted/],
  [
    "a certificate of a distribution",
    deleteCertificate,
    distributed(CERTIFICATE),
    /^400 ResourceInUseException .*which a distribution of CloudFront uses/,
  ],
  ["a certificate that no distribution uses", deleteCertificate, distributed(`${CERTIFICATE}0`), /^accepted/],
];

describe("a request that AWS rejects because of other resources", () => {
  for (const [title, request, there, answer] of CASES) {
    it(`depends on existing resources: ${title}`, async () => {
      expect(await refusal(request, there)).to.match(answer);
    });
  }

  it("is rejected with another code after some retries, so that the provider stops", async () => {
    const aws = strictAws(
      async () => trusting("ec2.amazonaws.com"),
      () => undefined,
    );
    const codes: unknown[] = [];
    for (let count = 0; count < 5; count += 1)
      codes.push((await aws.refusal(createFunction()))?.headers["x-amzn-errortype"]);
    expect(codes).to.deep.equal([...Array(4).fill("InvalidParameterValueException"), "RejectedRepeatedly"]);
    expect(aws.tally.violations).to.have.property("size", 1);
  });
});

describe("a list of custom domains", () => {
  it("is returned by moto unchanged if no member is missing", () => {
    const list = JSON.stringify({ items: [{ domainNameConfigurations: [{}] }] });
    expect(completeDomain("/v2/domainnames", list)).to.equal(list);
  });
});

describe("the summary of the checks", () => {
  const summary = (folder: string) =>
    promisify(execFile)(process.execPath, ["--import", "tsx", "__tests__/support/aws-models/summary.ts"], {
      cwd: ROOT,
      env: { ...process.env, [TALLIES]: folder },
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );

  it("adds the checks of all processes", async () => {
    const folder = join(temporaryDirectory());
    for (const operation of ["lambda CreateFunction", "iam CreateRole"]) {
      tallyFile(folder).keep({
        ...emptyTally(),
        requests: 2,
        policies: 1,
        operations: new Set([operation, "iam GetRole"]),
      });
    }
    const { code, stdout } = await summary(folder);
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/requests +4\n/)
      .and.match(/operations +3\n/)
      .and.match(/policies +2\n/)
      .and.match(/violations +0\n/);
  });

  it("fails if AWS would reject a request, and names it", async () => {
    const folder = temporaryDirectory();
    tallyFile(folder).keep({ ...emptyTally(), requests: 1, violations: new Set(["iam PutRolePolicy: a fault"]) });
    const { code, stdout } = await summary(folder);
    expect(code).to.equal(1);
    expect(stdout)
      .to.match(/violations +1\n/)
      .and.include("AWS would reject:\n  iam PutRolePolicy: a fault");
  });

  it("fails if a proxy did not stop", async () => {
    const folder = temporaryDirectory();
    tallyFile(folder).keep({ ...emptyTally(), requests: 1 });
    tallyFile(folder);
    const { code, stdout } = await summary(folder);
    expect(code).to.equal(1);
    expect(stdout).to.include("1 of 2 proxies did not stop");
  });

  it("fails if no request was checked", async () => {
    const { code, stdout } = await summary(temporaryDirectory());
    expect(code).to.equal(1);
    expect(stdout).to.include("No request was checked.");
  });
});
