import type { HttpRequest } from "./call.ts";

/** Requests that AWS accepts, in each of its protocols: tests break them in one place each. */

type Json = Readonly<Record<string, unknown>>;
type Form = Readonly<Record<string, string>>;

const authorization = (signer: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261127/eu-west-2/${signer}/aws4_request, SignedHeaders=host, Signature=00`;

export const rest = (signer: string, line: string, body: Json | string): HttpRequest => {
  const [method = "", url = ""] = line.split(" ");
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { method, url, headers: { authorization: authorization(signer) }, body: text };
};

export const json = (signer: string, target: string, body: Json): HttpRequest => {
  const request = rest(signer, "POST /", body);
  return { ...request, headers: { ...request.headers, "x-amz-target": target } };
};

export const form = (signer: string, body: Form): HttpRequest =>
  rest(signer, "POST /", String(new URLSearchParams(body)));

const ARN = "arn:aws:lambda:eu-west-2:123456789012:function:chat";
const ROLE = "arn:aws:iam::123456789012:role/chat";
const QUEUE = "arn:aws:sqs:eu-west-2:123456789012:chat";

export const createFunction = (own: Json = {}): HttpRequest =>
  rest("lambda", "POST /2015-03-31/functions", {
    FunctionName: "chat-connect",
    Role: ROLE,
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    Code: { ZipFile: "UEsFBg==" },
    Timeout: 10,
    MemorySize: 256,
    Environment: { Variables: { TABLE_NAME: "chat", TZ: "UTC" } },
    LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "INFO", LogGroup: "/aws/lambda/chat" },
    Tags: { team: "chat" },
    ...own,
  });

export const invokeConfig = (own: Json = {}): HttpRequest =>
  rest("lambda", "PUT /2019-09-25/functions/chat-fan-out/event-invoke-config", {
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 3600,
    DestinationConfig: { OnFailure: { Destination: QUEUE } },
    ...own,
  });

export const addPermission = (own: Json = {}): HttpRequest =>
  rest("lambda", "POST /2015-03-31/functions/chat-connect/policy", {
    Action: "lambda:InvokeFunction",
    Principal: "apigateway.amazonaws.com",
    StatementId: "api-gateway",
    SourceArn: "arn:aws:execute-api:eu-west-2:123456789012:abc/*/$connect",
    ...own,
  });

const v2 = (line: string, body: Json) => rest("apigateway", line, body);

export const createApi = (own: Json = {}): HttpRequest =>
  v2("POST /v2/apis", {
    name: "chat",
    protocolType: "WEBSOCKET",
    routeSelectionExpression: "$request.body.message",
    ...own,
  });

export const createRoute = (own: Json = {}): HttpRequest =>
  v2("POST /v2/apis/abc/routes", {
    routeKey: "$connect",
    target: "integrations/xyz",
    authorizationType: "NONE",
    ...own,
  });

export const createIntegration = (own: Json = {}): HttpRequest =>
  v2("POST /v2/apis/abc/integrations", {
    integrationType: "AWS_PROXY",
    integrationUri: `arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/${ARN}/invocations`,
    integrationMethod: "POST",
    timeoutInMillis: 29_000,
    ...own,
  });

export const createStage = (own: Json = {}): HttpRequest =>
  v2("POST /v2/apis/abc/stages", {
    stageName: "dev",
    autoDeploy: true,
    accessLogSettings: {
      destinationArn: "arn:aws:logs:eu-west-2:123456789012:log-group:chat",
      format: "$context.requestId $context.status",
    },
    ...own,
  });

export const createAuthorizer = (own: Json = {}): HttpRequest =>
  v2("POST /v2/apis/abc/authorizers", {
    name: "chat",
    authorizerType: "REQUEST",
    authorizerUri: `arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/${ARN}/invocations`,
    identitySource: ["route.request.header.Authorization"],
    ...own,
  });

export const createRouteResponse = (own: Json = {}): HttpRequest =>
  v2("POST /v2/apis/abc/routes/def/routeresponses", { routeResponseKey: "$default", ...own });

const iam = (body: Form) => form("iam", { Version: "2010-05-08", ...body });

export const trustPolicy = (own: Json = {}, document: Json = {}): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole", ...own }],
    ...document,
  });

export const createRole = (own: Form = {}): HttpRequest =>
  iam({
    Action: "CreateRole",
    RoleName: "chat-connect",
    AssumeRolePolicyDocument: trustPolicy(),
    "Tags.member.1.Key": "team",
    "Tags.member.1.Value": "chat",
    ...own,
  });

export const statement = (own: Json = {}): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadMessages",
        Effect: "Allow",
        Action: ["dynamodb:Query"],
        Resource: ["arn:aws:dynamodb:eu-west-2:123456789012:table/chat"],
        Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["CHANNEL#*"] } },
        ...own,
      },
    ],
  });

export const putRolePolicy = (own: Form = {}): HttpRequest =>
  iam({ Action: "PutRolePolicy", RoleName: "chat", PolicyName: "chat", PolicyDocument: statement(), ...own });

export const createTable = (own: Json = {}): HttpRequest =>
  json("dynamodb", "DynamoDB_20120810.CreateTable", {
    TableName: "chat",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    ...own,
  });

export const createLogGroup = (own: Json = {}): HttpRequest =>
  json("logs", "Logs_20140328.CreateLogGroup", { logGroupName: "/aws/lambda/chat", ...own });

export const putRetention = (own: Json = {}): HttpRequest =>
  json("logs", "Logs_20140328.PutRetentionPolicy", { logGroupName: "/aws/lambda/chat", retentionInDays: 14, ...own });

export const createQueue = (attributes: Json = {}, own: Json = {}): HttpRequest =>
  json("sqs", "AmazonSQS.CreateQueue", {
    QueueName: "chat-failed",
    Attributes: { MessageRetentionPeriod: "1209600", SqsManagedSseEnabled: "true", ...attributes },
    ...own,
  });

export const createTopic = (own: Form = {}): HttpRequest =>
  form("sns", { Action: "CreateTopic", Version: "2010-03-31", Name: "chat-alarms", ...own });

export const subscribe = (own: Form = {}): HttpRequest =>
  form("sns", {
    Action: "Subscribe",
    Version: "2010-03-31",
    TopicArn: "arn:aws:sns:eu-west-2:123456789012:chat-alarms",
    Protocol: "email",
    Endpoint: "anna@example.com",
    ...own,
  });

export const createSecret = (own: Json = {}): HttpRequest =>
  json("secretsmanager", "secretsmanager.CreateSecret", {
    Name: "chat/github",
    ClientRequestToken: "0c5e2a86-6d7b-4d62-9f0e-2f0f9d1c7a11",
    ...own,
  });

export const createAlias = (own: Json = {}): HttpRequest =>
  json("kms", "TrentService.CreateAlias", {
    AliasName: "alias/chat-github",
    TargetKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
    ...own,
  });

export const createSchedule = (own: Json = {}, target: Json = {}): HttpRequest =>
  rest("scheduler", "POST /schedules/chat-rotate", {
    ScheduleExpression: "rate(1 day)",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: ARN,
      RoleArn: ROLE,
      Input: "{}",
      DeadLetterConfig: { Arn: QUEUE },
      RetryPolicy: { MaximumRetryAttempts: 3 },
      ...target,
    },
    ...own,
  });

export const putAlarm = (own: Form = {}): HttpRequest =>
  form("monitoring", {
    Action: "PutMetricAlarm",
    Version: "2010-08-01",
    AlarmName: "chat-errors",
    ComparisonOperator: "GreaterThanThreshold",
    EvaluationPeriods: "1",
    Threshold: "0",
    TreatMissingData: "notBreaching",
    "Metrics.member.1.Id": "errors",
    "Metrics.member.1.Expression": "FILL(m1, 0) + SUM(METRICS())",
    "Metrics.member.2.Id": "m1",
    "Metrics.member.2.ReturnData": "false",
    "Metrics.member.2.MetricStat.Metric.Namespace": "AWS/Lambda",
    "Metrics.member.2.MetricStat.Metric.MetricName": "Errors",
    "Metrics.member.2.MetricStat.Period": "60",
    "Metrics.member.2.MetricStat.Stat": "Sum",
    ...own,
  });

export const dashboardBody = (widget: Json = {}, properties: Json = {}): string =>
  JSON.stringify({
    widgets: [
      {
        type: "metric",
        x: 0,
        y: 0,
        width: 12,
        height: 6,
        properties: {
          region: "eu-west-2",
          metrics: [["AWS/Lambda", "Errors", "FunctionName", "chat", { stat: "Sum" }]],
          ...properties,
        },
        ...widget,
      },
    ],
  });

export const putDashboard = (body = dashboardBody(), own: Form = {}): HttpRequest =>
  form("monitoring", {
    Action: "PutDashboard",
    Version: "2010-08-01",
    DashboardName: "chat",
    DashboardBody: body,
    ...own,
  });

export const requestCertificate = (own: Json = {}): HttpRequest =>
  json("acm", "CertificateManager.RequestCertificate", {
    DomainName: "chat.example.com",
    ValidationMethod: "DNS",
    IdempotencyToken: "chat",
    ...own,
  });

export const changeRecords = (action = "UPSERT", more = ""): HttpRequest =>
  rest(
    "route53",
    "POST /2013-04-01/hostedzone/Z1D633PJN98FT9/rrset/",
    `<?xml version="1.0"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/">` +
      `<ChangeBatch><Changes><Change><Action>${action}</Action><ResourceRecordSet>${more}<Name>chat.example.com</Name>` +
      `<Type>CNAME</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>x.example.com</Value></ResourceRecord>` +
      `</ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
  );

export const putVersioning = (status = "Enabled"): HttpRequest =>
  rest(
    "s3",
    "PUT /chat-state-123456789012?versioning",
    `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>${status}</Status></VersioningConfiguration>`,
  );

export const putLifecycle = (expiration = "<ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>"): HttpRequest =>
  rest(
    "s3",
    "PUT /chat-state-123456789012?lifecycle",
    `<LifecycleConfiguration><Rule><ID>old</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter>` +
      `<Expiration>${expiration}</Expiration></Rule></LifecycleConfiguration>`,
  );

export const putBucketPolicy = (own: Json = {}): HttpRequest =>
  rest("s3", "PUT /chat-state-123456789012?policy", {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "RefuseWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::chat-state-123456789012", "arn:aws:s3:::chat-state-123456789012/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
        ...own,
      },
    ],
  });

export const putObject = (tags = "team=chat"): HttpRequest => {
  const request = rest("s3", "PUT /chat-dev-website-1/index.html", "<!doctype html>");
  return { ...request, headers: { ...request.headers, "x-amz-tagging": tags, "content-type": "text/html" } };
};

const CLOUDFRONT = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

export const createOriginAccess = (name = "chat-dev-website"): HttpRequest =>
  rest(
    "cloudfront",
    "POST /2020-05-31/origin-access-control",
    `<OriginAccessControlConfig xmlns="${CLOUDFRONT}"><Name>${name}</Name>` +
      "<OriginAccessControlOriginType>s3</OriginAccessControlOriginType><SigningBehavior>always</SigningBehavior>" +
      "<SigningProtocol>sigv4</SigningProtocol></OriginAccessControlConfig>",
  );

export const changeDistribution = ({
  policy = "redirect-to-https",
  region = "us-east-1",
  aliases = 1,
} = {}): HttpRequest =>
  rest(
    "cloudfront",
    "PUT /2020-05-31/distribution/E1/config",
    `<DistributionConfig xmlns="${CLOUDFRONT}"><CallerReference>1</CallerReference><Comment>chat</Comment>` +
      `<Enabled>true</Enabled><Aliases><Quantity>${aliases}</Quantity><Items><CNAME>www.example.com</CNAME></Items></Aliases>` +
      "<Origins><Quantity>1</Quantity><Items><Origin><Id>files</Id><DomainName>b.s3.eu-west-2.amazonaws.com</DomainName>" +
      "</Origin></Items></Origins><DefaultCacheBehavior><TargetOriginId>files</TargetOriginId>" +
      `<ViewerProtocolPolicy>${policy}</ViewerProtocolPolicy></DefaultCacheBehavior><ViewerCertificate>` +
      `<ACMCertificateArn>arn:aws:acm:${region}:123456789012:certificate/1</ACMCertificateArn>` +
      "<SSLSupportMethod>sni-only</SSLSupportMethod></ViewerCertificate></DistributionConfig>",
  );

export const createDomain = (own: Json = {}): HttpRequest =>
  json("cognito-idp", "AWSCognitoIdentityProviderService.CreateUserPoolDomain", {
    UserPoolId: "eu-west-2_AbCdEfGhI",
    Domain: "0a1b2c",
    ...own,
  });

export const createUserPool = (own: Json = {}): HttpRequest =>
  json("cognito-idp", "AWSCognitoIdentityProviderService.CreateUserPool", {
    PoolName: "chat",
    Policies: { PasswordPolicy: { MinimumLength: 12 } },
    UserPoolTags: { team: "chat" },
    ...own,
  });

export const createClient = (own: Json = {}): HttpRequest =>
  json("cognito-idp", "AWSCognitoIdentityProviderService.CreateUserPoolClient", {
    UserPoolId: "eu-west-2_AbCdEfGhI",
    ClientName: "chat",
    AccessTokenValidity: 60,
    TokenValidityUnits: { AccessToken: "minutes" },
    ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
    ...own,
  });
