import { expect } from "chai";
import type { HttpRequest } from "../support/aws-models/call.ts";
import { botocoreData } from "../support/aws-models/data-folder.ts";
import { refusalOf } from "../support/aws-models/refusal.ts";
import { readCall } from "../support/aws-models/request.ts";
import * as sample from "../support/aws-models/sample-requests.ts";
import { callProblems } from "../support/aws-models/strict-aws.ts";

const problemsOf = async (request: HttpRequest): Promise<string> => {
  const problems = await callProblems(readCall(request));
  return problems.map(({ member, problem, rule }) => `${member} ${problem} (${rule})`).join("\n");
};

const variables = (Variables: object) => ({ Environment: { Variables } });
const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, ""]));
const policy = (own: object) => sample.putRolePolicy({ PolicyDocument: sample.statement({ ...own }) });
const trust = (own: object, document: object = {}) =>
  sample.createRole({ AssumeRolePolicyDocument: sample.trustPolicy({ ...own }, { ...document }) });
const dashboard = (widget: object, properties: object = {}) =>
  sample.putDashboard(sample.dashboardBody({ ...widget }, { ...properties }));
const metrics = (...lines: unknown[]) => dashboard({}, { metrics: lines });

const GOOD: readonly HttpRequest[] = Object.entries(sample)
  .filter(([name]) => /^(create|put|add|change|request|subscribe|invokeConfig)/.test(name))
  .map(([, build]) => (build as () => HttpRequest)());

/** A request with one fault, and the expected problem. */
const BROKEN: readonly (readonly [request: HttpRequest, problem: RegExp])[] = [
  // rest-json
  [sample.createFunction({ Colour: "red" }), /^Colour is not a member .*lambda.*CreateFunctionRequest/],
  [sample.createFunction({ Role: undefined }), /^Role is missing/],
  [sample.createFunction({ Role: "chat" }), /^Role is "chat"; AWS accepts what matches arn:/],
  [sample.createFunction({ FunctionName: "f".repeat(65) }), /^FunctionName .*at most 64/],
  [sample.createFunction({ FunctionName: "a b" }), /^FunctionName is "a b"; AWS accepts what matches/],
  [sample.createFunction({ Runtime: "nodejs99.x" }), /^Runtime is "nodejs99.x"; AWS accepts nodejs/],
  [sample.createFunction({ MemorySize: 64 }), /^MemorySize is 64; AWS accepts 128 to/],
  [sample.createFunction({ MemorySize: 10_241 }), /^MemorySize is 10241; AWS accepts 128 to 10240/],
  [sample.createFunction({ Timeout: 901 }), /^Timeout is 901; AWS accepts 1 to 900/],
  [sample.createFunction({ Timeout: "3" }), /^Timeout is "3"; AWS accepts a value of the type integer/],
  [sample.createFunction({ Handler: undefined }), /lacks Handler or Runtime/],
  [sample.createFunction({ Description: "d".repeat(257) }), /^Description has 257 characters; AWS accepts 0 to 256/],
  [sample.createFunction(variables({ A_B: "x".repeat(4096) })), /have 4106 bytes as JSON; AWS accepts at most 4096/],
  [sample.createFunction(variables({ AWS_REGION: "x" })), /reserved keys .*: AWS_REGION/],
  [sample.createFunction(variables({ "1A": "x" })), /^Environment.Variables.1A is "1A"; AWS accepts what matches/],
  [
    sample.createFunction({ LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "LOUD" } }),
    /is "LOUD"; AWS accepts TRACE/,
  ],
  [
    sample.createFunction({ LoggingConfig: { LogFormat: "Text", ApplicationLogLevel: "INFO" } }),
    /log levels with LogFormat "Text"/,
  ],
  [sample.createFunction({ LoggingConfig: { LogGroup: "a b" } }), /^LoggingConfig.LogGroup is "a b"/],
  [sample.createFunction({ Tags: tags(51) }), /^Tags has 51 tags; AWS accepts at most 50/],
  [sample.createFunction({ Tags: { "Aws:x": "" } }), /keys that begin with aws: are reserved, in any case/],
  [sample.createFunction({ Tags: { "a*b": "" } }), /AWS accepts letters, digits, spaces/],
  [sample.addPermission({ SourceArn: "not an arn" }), /^SourceArn is "not an arn"/],
  [sample.addPermission({ StatementId: "a.b c" }), /^StatementId is "a.b c"/],
  [sample.invokeConfig({ MaximumRetryAttempts: 3 }), /^MaximumRetryAttempts is 3; AWS accepts 0 to 2/],
  [sample.invokeConfig({ MaximumEventAgeInSeconds: 30 }), /^MaximumEventAgeInSeconds is 30; AWS accepts 60 to 21600/],
  [
    sample.invokeConfig({ DestinationConfig: { OnFailure: { Destination: "arn:aws:ec2:eu-west-2:123456789012:x" } } }),
    /^DestinationConfig.OnFailure.Destination .*AWS accepts the ARN of/,
  ],
  [sample.createApi({ name: "n".repeat(129) }), /^Name has 129 characters; AWS accepts 1 to 128/],
  [sample.createApi({ protocolType: "WS" }), /^ProtocolType is "WS"; AWS accepts WEBSOCKET, HTTP/],
  [sample.createApi({ routeSelectionExpression: "$request.boody.message" }), /^RouteSelectionExpression is/],
  [sample.createApi({ routeSelectionExpression: undefined }), /lacks RouteSelectionExpression/],
  [sample.createApi({ corsConfiguration: {} }), /^CorsConfiguration is set; AWS accepts it for HTTP APIs only/],
  [sample.createRoute({ routeKey: "a b" }), /^RouteKey is "a b"/],
  [sample.createRoute({ routeKey: "$other" }), /^RouteKey is "\$other"/],
  [sample.createRoute({ target: "x" }), /^Target is "x"; AWS accepts integrations\/\{id\}/],
  [sample.createRoute({ Target: "integrations/x" }), /^Target is not a member/],
  [
    sample.createRoute({ routeKey: "join", authorizationType: "AWS_IAM" }),
    /AWS accepts authorization for \$connect alone/,
  ],
  [sample.createRoute({ authorizationType: "CUSTOM" }), /"CUSTOM" without an AuthorizerId/],
  [sample.createRoute({ routeResponseSelectionExpression: "$x" }), /^RouteResponseSelectionExpression is "\$x"/],
  [sample.createIntegration({ timeoutInMillis: 30_001 }), /^TimeoutInMillis is 30001; AWS accepts 50 to 30000/],
  [sample.createIntegration({ timeoutInMillis: 29_500 }), /^TimeoutInMillis is 29500; AWS accepts 50 to 29000/],
  [
    sample.createIntegration({ integrationUri: "arn:aws:lambda:eu-west-2:123456789012:function:x" }),
    /^IntegrationUri .*invoke_arn/,
  ],
  [sample.createIntegration({ integrationMethod: "GET" }), /Lambda accepts only POST/],
  [sample.createStage({ stageName: "a.b" }), /^StageName is "a.b"/],
  [sample.createStage({ stageName: "s".repeat(129) }), /^StageName has 129 characters; AWS accepts 1 to 128/],
  [sample.createStage({ deploymentId: "abc" }), /^DeploymentId is set with AutoDeploy/],
  [
    sample.createStage({ accessLogSettings: { format: "$context.status" } }),
    /^AccessLogSettings.Format contains neither/,
  ],
  [sample.createAuthorizer({ name: "n".repeat(129) }), /^Name has 129 characters/],
  [sample.createAuthorizer({ identitySource: undefined }), /^IdentitySource is missing/],
  [sample.createAuthorizer({ identitySource: ["$request.header.Auth"] }), /^IdentitySource\[0\] is/],
  [
    sample.createAuthorizer({ authorizerPayloadFormatVersion: "2.0" }),
    /^AuthorizerPayloadFormatVersion .*HTTP APIs only/,
  ],
  [sample.createRouteResponse({ routeResponseKey: "x" }), /^RouteResponseKey is "x"; AWS accepts \$default/],
  [sample.createSchedule({ ScheduleExpression: "rate(1 days)" }), /^ScheduleExpression is "rate\(1 days\)"/],
  [sample.createSchedule({ ScheduleExpression: "rate(2 day)" }), /^ScheduleExpression is "rate\(2 day\)"/],
  [sample.createSchedule({ ScheduleExpression: "cron(0 12 * * ?)" }), /cron with six fields/],
  [sample.createSchedule({ FlexibleTimeWindow: { Mode: "ON" } }), /^FlexibleTimeWindow.Mode is "ON"/],
  [sample.createSchedule({}, { RetryPolicy: { MaximumRetryAttempts: 186 } }), /is 186; AWS accepts 0 to 185/],
  [sample.createSchedule({}, { RoleArn: "x" }), /^Target.RoleArn is "x"/],
  [sample.createSchedule({}, { Input: "{" }), /^Target.Input is "\{"; AWS accepts JSON/],
  [
    sample.createSchedule({}, { DeadLetterConfig: { Arn: "arn:aws:sns:eu-west-2:123456789012:x" } }),
    /^Target.DeadLetterConfig.Arn/,
  ],
  // query
  [sample.createRole({ RoleName: "r".repeat(65) }), /^RoleName has 65 characters; AWS accepts 1 to 64/],
  [sample.createRole({ RoleName: "a/b" }), /^RoleName is "a\/b"/],
  [sample.createRole({ Colour: "red" }), /^Colour is not a member/],
  [sample.createRole({ Version: "2010-05-09" }), /^Version is "2010-05-09"; AWS accepts "2010-05-08"/],
  [sample.createRole({ MaxSessionDuration: "60" }), /^MaxSessionDuration is 60; AWS accepts 3600 to 43200/],
  [
    sample.createRole({ "Tags.member.2.Key": "Team", "Tags.member.2.Value": "x" }),
    /team and Team, which differ only by case/,
  ],
  [trust({ Resource: "*" }), /Resource.*AssumeRolePolicy|AssumeRolePolicyDocument.*Resource/],
  [trust({}, { Version: "2012-10-18" }), /2012-10-18/],
  [trust({ Principal: { Service: "lambda" } }), /lambda/],
  [trust({ Sid: "x".repeat(2048) }), /^AssumeRolePolicyDocument has \d+ characters; AWS accepts at most 2048/],
  [sample.putRolePolicy({ PolicyName: "" }), /^PolicyName has 0 characters/],
  [sample.putRolePolicy({ PolicyDocument: "{" }), /not valid JSON/],
  [policy({ Sid: "a-b" }), /"a-b".*\[0-9A-Za-z\]\*/],
  [policy({ Effect: "allow" }), /allow/],
  [policy({ Principal: "*" }), /Principal/],
  [policy({ Actions: ["x"] }), /Actions/],
  [policy({ Action: ["dynamodb:GetItems"] }), /dynamodb:GetItems/],
  [policy({ Action: ["sqs:SendMessage"] }), /SendMessage/],
  [policy({ Resource: ["table/x"] }), /table\/x/],
  [policy({ Resource: ["arn:aws:s3:::x"] }), /arn:aws:s3:::x/],
  [policy({ Condition: { StringLikes: { "dynamodb:LeadingKeys": ["x"] } } }), /StringLikes/],
  [policy({ Condition: { "ForAllValues:StringLike": { "dynamodb:LeadKeys": ["x"] } } }), /dynamodb:LeadKeys/],
  [policy({ Condition: { "ForAllValues:StringLike": { "secretsmanager:Name": ["x"] } } }), /secretsmanager:Name/],
  [policy({ Sid: "x".repeat(10_240) }), /^PolicyDocument has \d+ characters; AWS accepts at most 10240/],
  [sample.createTopic({ Name: "a b" }), /^Name is "a b"/],
  [
    sample.createTopic({ "Attributes.entry.1.key": "Colour", "Attributes.entry.1.value": "red" }),
    /"Colour", which is not an attribute/,
  ],
  [sample.subscribe({ Protocol: "mail" }), /^Protocol is "mail"; AWS accepts http/],
  [sample.putAlarm({ AlarmName: "a".repeat(256) }), /^AlarmName has 256 characters/],
  [sample.putAlarm({ ComparisonOperator: "Above" }), /^ComparisonOperator is "Above"/],
  [sample.putAlarm({ EvaluationPeriods: "0" }), /^EvaluationPeriods is 0; AWS accepts at least 1/],
  [sample.putAlarm({ EvaluationPeriods: "1441" }), /AWS accepts at most 86400 seconds in all/],
  [sample.putAlarm({ DatapointsToAlarm: "2" }), /^DatapointsToAlarm is 2; AWS accepts at most EvaluationPeriods, 1/],
  [sample.putAlarm({ TreatMissingData: "fine" }), /^TreatMissingData is "fine"/],
  [sample.putAlarm({ Period: "60" }), /has Period with Metrics/],
  [
    sample.putAlarm({ "Metrics.member.2.MetricStat.Period": "90" }),
    /is 90; AWS accepts 10, 20, 30 and multiples of 60/,
  ],
  [sample.putAlarm({ "Metrics.member.2.MetricStat.Stat": "Median" }), /is "Median"/],
  [sample.putAlarm({ "Metrics.member.2.ReturnData": "true" }), /have 2 queries with ReturnData/],
  [sample.putAlarm({ "Metrics.member.1.Id": "Errors" }), /^Metrics\[0\].Id is "Errors"/],
  [
    sample.putAlarm({ "Metrics.member.1.Expression": "FILL(m2, 0)" }),
    /"m2" is neither a function of metric math nor an Id/,
  ],
  [sample.putAlarm({ "Metrics.member.1.Expression": "FILL(m1, 0" }), /brackets do not match/],
  [sample.putDashboard("{"), /^DashboardBody is not valid JSON/],
  [sample.putDashboard(undefined, { DashboardName: "a b" }), /^DashboardName is "a b"/],
  [metrics(["A", "b", "c"]), /AWS accepts a namespace, a name and pairs/],
  [metrics(["A", "b", { colour: "red" }]), /has "colour"; AWS accepts accountId/],
  [metrics(["A", "b", { stat: "Median" }]), /stat is "Median"/],
  [dashboard({}, { region: undefined }), /lacks properties.region/],
  [dashboard({ x: 13 }), /^DashboardBody.widgets\[0\] is at x 13 with width 12/],
  [dashboard({ type: "metrics" }), /^DashboardBody.widgets\[0\].type is "metrics"/],
  // json
  [sample.createTable({ TableName: "ab" }), /^TableName (has 2 characters|is "ab")/],
  [sample.createTable({ BillingMode: "FREE" }), /^BillingMode is "FREE"; AWS accepts/],
  [
    sample.createTable({
      AttributeDefinitions: ["pk", "sk", "x"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    }),
    /no key uses: x/,
  ],
  [
    sample.createTable({
      KeySchema: [
        { AttributeName: "pk", KeyType: "RANGE" },
        { AttributeName: "sk", KeyType: "HASH" },
      ],
    }),
    /^KeySchema is RANGE HASH/,
  ],
  [
    sample.createTable({ ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }),
    /^ProvisionedThroughput is set with PAY_PER_REQUEST/,
  ],
  [sample.createLogGroup({ logGroupName: "a b" }), /^logGroupName is "a b"/],
  [sample.createLogGroup({ logGroupName: "aws/chat" }), /^logGroupName is "aws\/chat"/],
  [sample.putRetention({ retentionInDays: 10 }), /^retentionInDays is 10; AWS accepts 1, 3, 5/],
  [sample.createQueue({}, { QueueName: "q".repeat(81) }), /^QueueName is .*at most 80/],
  [
    sample.createQueue({ MessageRetentionPeriod: "1209601" }),
    /^Attributes.MessageRetentionPeriod is "1209601"; AWS accepts 60 to 1209600/,
  ],
  [sample.createQueue({ Colour: "red" }), /^Attributes.Colour is "Colour"; AWS accepts All/],
  [sample.createQueue({ Policy: "{}" }), /^Attributes.Policy/],
  [sample.createSecret({ Name: "a b" }), /^Name is "a b"/],
  [sample.createSecret({ Description: "d".repeat(2049) }), /^Description has 2049 characters/],
  [sample.createAlias({ AliasName: "alias/a.b" }), /^AliasName is "alias\/a.b"/],
  [sample.createAlias({ AliasName: "alias/aws/b" }), /alias\/aws\/ is reserved/],
  [
    sample.requestCertificate({ DomainName: `${"a".repeat(62)}.com` }),
    /^DomainName has 66 characters; AWS accepts at most 64/,
  ],
  [sample.requestCertificate({ ValidationMethod: "POST" }), /^ValidationMethod is "POST"/],
  [sample.createUserPool({ PoolName: "p".repeat(129) }), /^PoolName has 129 characters/],
  [
    sample.createUserPool({ Policies: { PasswordPolicy: { MinimumLength: 5 } } }),
    /MinimumLength is 5; AWS accepts 6 to 99/,
  ],
  [
    sample.createClient({ AccessTokenValidity: 4 }),
    /^AccessTokenValidity is 4 minutes; AWS accepts 300 to 86400 seconds/,
  ],
  [sample.createClient({ ExplicitAuthFlows: ["USER_SRP"] }), /^ExplicitAuthFlows\[0\] is "USER_SRP"/],
  [sample.createDomain({ Domain: "my-aws-chat" }), /^Domain is "my-aws-chat"; AWS accepts a prefix without "aws"/],
  [sample.createClient({ AllowedOAuthFlows: ["code"] }), /^AllowedOAuthFlows is set without AllowedOAuthFlowsUser/],
  [sample.createClient({ CallbackURLs: ["http://a.example.com/"] }), /^CallbackURLs\[0\] .*AWS accepts https without/],
  // rest-xml
  [sample.putObject(String(new URLSearchParams(tags(11)))), /^Tagging has 11 tags; AWS accepts at most 10/],
  [sample.createOriginAccess("n".repeat(65)), /^OriginAccessControlConfig.Name has 65 characters/],
  [sample.changeDistribution({ policy: "http" }), /ViewerProtocolPolicy is "http"; AWS accepts allow-all/],
  [sample.changeDistribution({ region: "eu-west-2" }), /ACMCertificateArn .*AWS accepts a certificate in us-east-1/],
  [sample.changeDistribution({ aliases: 2 }), /has the Quantity 2 with the Items/],
  [sample.changeRecords("WRITE"), /Action is "WRITE"; AWS accepts CREATE/],
  [sample.changeRecords("UPSERT", "<Colour>red</Colour>"), /Colour is not a member/],
  [sample.putVersioning("On"), /Status is "On"; AWS accepts Enabled/],
  [
    sample.putLifecycle("<Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>"),
    /Days and ExpiredObjectDeleteMarker/,
  ],
  [sample.putLifecycle("<Colour>red</Colour>"), /Colour is not a member/],
  [sample.putBucketPolicy({ Effect: "Refuse" }), /Refuse/],
];

describe("AWS's models", () => {
  for (const request of GOOD) {
    const { service, operation, protocol } = readCall(request);
    it(`accept ${service} ${operation} (${protocol})`, async () => {
      expect(await problemsOf(request)).to.equal("");
    });
  }

  for (const [request, problem] of BROKEN) {
    const { service, operation } = readCall(request);
    it(`reject ${service} ${operation}: ${problem.source}`, async () => {
      expect(await problemsOf(request)).to.match(new RegExp(problem.source, "m"));
    });
  }

  it("cite a page of AWS or a shape of the model", async () => {
    for (const [request] of BROKEN) {
      const problems = await callProblems(readCall(request));
      for (const { rule } of problems)
        expect(rule).to.match(/^(https:\/\/docs\.aws\.amazon\.com\/|botocore\/data\/\S+ \w+|botocore\/data\/\S+$)/);
    }
  });
});

describe("a request that matches no operation of AWS", () => {
  const unreadable: readonly (readonly [title: string, request: HttpRequest, problem: RegExp])[] = [
    ["without a signature", { ...sample.createFunction(), headers: {} }, /no AWS signature/],
    ["for an unknown service", sample.rest("unknown", "GET /", ""), /"unknown", which botocore has no model of/],
    ["at an unknown path", sample.rest("lambda", "GET /2015-03-31/nothing", ""), /lambda has no operation at GET/],
    ["with an unknown target", sample.json("sqs", "AmazonSQS.UnknownQueue", {}), /sqs has no operation "UnknownQueue"/],
    ["with an unknown action", sample.form("iam", { Action: "UnknownRole" }), /iam has no operation "UnknownRole"/],
    [
      "in another protocol",
      { ...sample.putAlarm(), headers: { ...sample.putAlarm().headers, "smithy-protocol": "rpc-v2-cbor" } },
      /rpc-v2-cbor, which cannot be read/,
    ],
    [
      "with XML that is not well-formed",
      sample.rest("s3", "PUT /bucket-1?versioning", "<A><B></A>"),
      /not well-formed/,
    ],
  ];
  for (const [title, request, problem] of unreadable) {
    it(`is rejected: ${title}`, () => {
      expect(() => readCall(request)).to.throw(problem);
    });
  }
});

describe("an error response", () => {
  const problem = { member: "", problem: "", rule: "", code: "Broken" };

  it("has the format of each protocol", () => {
    const text = (request: HttpRequest) => refusalOf(readCall(request), [problem], "a < b").body;
    expect(JSON.parse(text(sample.createQueue()))).to.include({ __type: "Broken", message: "a < b" });
    expect(JSON.parse(text(sample.createApi()))).to.include({ message: "a < b" });
    expect(text(sample.createRole())).to.include("<ErrorResponse><Error>").and.include("<Message>a &lt; b</Message>");
    expect(text(sample.putVersioning())).to.match(/^<Error>/);
  });
});

describe("the folder of botocore's models", () => {
  it("can be set with BOTOCORE_DATA", () => {
    expect(() => botocoreData({ BOTOCORE_DATA: "/nowhere" })).to.throw(
      'BOTOCORE_DATA names "/nowhere", which has no service model of Lambda. Install moto',
    );
  });

  it("is found by the Python of moto_server", () => {
    const { BOTOCORE_DATA: _, ...env } = process.env;
    expect(botocoreData(env)).to.match(/botocore[\\/]data$/);
  });
});
