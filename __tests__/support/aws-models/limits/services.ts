import { isRecord, shown } from "../call.ts";
import {
  between,
  type Constraint,
  charactersAtMost,
  type Limit,
  matching,
  oneOf,
  operations,
  page,
  refused,
} from "./limit.ts";

const QUEUE = operations("sqs", "CreateQueue", "SetQueueAttributes");
const QUEUE_PAGE = page("AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html");
const TOPIC = operations("sns", "CreateTopic", "SetTopicAttributes");
const TOPIC_PAGE = page("sns/latest/api/API_SetTopicAttributes.html");
const SCHEDULE = operations("scheduler", "CreateSchedule", "UpdateSchedule");
const SCHEDULE_PAGE = page("scheduler/latest/UserGuide/schedule-types.html");
const TABLE = operations("dynamodb", "CreateTable");
const TABLE_PAGE = page("amazondynamodb/latest/APIReference/API_CreateTable.html");
const SECRET_PAGE = page("secretsmanager/latest/apireference/API_CreateSecret.html");
const BUCKET_PAGE = page("AmazonS3/latest/userguide/bucketnamingrules.html");
const CLIENT = operations("cognito-idp", "CreateUserPoolClient", "UpdateUserPoolClient");
const CLIENT_PAGE = page("cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html");

/** Numbers among a queue's attributes, which the model defines as text. */
const QUEUE_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
};

const TOPIC_ATTRIBUTES =
  /DeliveryPolicy|DisplayName|Policy|TracingConfig|KmsMasterKeyId|SignatureVersion|ArchivePolicy|ContentBasedDeduplication|FifoTopic|FifoThroughputScope|DataProtectionPolicy|(Application|HTTP|Lambda|SQS|Firehose)(Success|Failure)Feedback\w+/;

const namesTopicAttributes: Constraint = (value) => {
  const names = isRecord(value) ? Object.keys(value) : [];
  const unknown = names.find((name) => !new RegExp(`^(?:${TOPIC_ATTRIBUTES.source})$`).test(name));
  return unknown === undefined ? undefined : `has "${unknown}", which is not an attribute of a topic`;
};

/** The unit is singular for 1, and otherwise plural. */
const isSchedule: Constraint = (value) => {
  const text = String(value);
  const [, count, unit = ""] = /^rate\(([1-9]\d*) (minutes?|hours?|days?)\)$/.exec(text) ?? [];
  const isRate = count !== undefined && (count === "1") !== unit.endsWith("s");
  if (isRate || /^(at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|cron\(\S+( \S+){5}\))$/.test(text)) return undefined;
  return `is ${shown(value)}; AWS accepts rate(1 minute), rate(5 minutes), cron with six fields, and at(yyyy-mm-ddThh:mm:ss)`;
};

const isJson: Constraint = (value) => {
  try {
    JSON.parse(String(value));
    return undefined;
  } catch {
    return `is ${shown(value)}; AWS accepts JSON`;
  }
};

interface TableParameters {
  readonly AttributeDefinitions?: readonly { readonly AttributeName: string }[];
  readonly KeySchema?: readonly Key[];
  readonly GlobalSecondaryIndexes?: readonly { readonly KeySchema: readonly Key[] }[];
  readonly LocalSecondaryIndexes?: readonly { readonly KeySchema: readonly Key[] }[];
}

interface Key {
  readonly AttributeName: string;
  readonly KeyType: string;
}

const attributesAreKeys: Constraint = (value) => {
  const {
    AttributeDefinitions = [],
    KeySchema = [],
    GlobalSecondaryIndexes = [],
    LocalSecondaryIndexes = [],
  } = value as TableParameters;
  const schemas = [KeySchema, ...[...GlobalSecondaryIndexes, ...LocalSecondaryIndexes].map((index) => index.KeySchema)];
  const used = new Set(schemas.flat().map(({ AttributeName }) => AttributeName));
  const defined = new Set(AttributeDefinitions.map(({ AttributeName }) => AttributeName));
  const unused = [...defined].filter((name) => !used.has(name));
  const missing = [...used].filter((name) => !defined.has(name));
  if (unused.length > 0)
    return `defines attributes that no key uses: ${unused.join(", ")}. Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`;
  return missing.length === 0
    ? undefined
    : `has keys whose attributes AttributeDefinitions lacks: ${missing.join(", ")}`;
};

const hashThenRange: Constraint = (value) => {
  const kinds = (value as readonly Key[]).map(({ KeyType }) => KeyType).join(" ");
  return kinds === "HASH" || kinds === "HASH RANGE" ? undefined : `is ${kinds}; AWS accepts HASH, or HASH and RANGE`;
};

const onDemandHasNoCapacity: Constraint = (_, { BillingMode }) =>
  BillingMode === "PAY_PER_REQUEST" ? "is set with PAY_PER_REQUEST; AWS accepts it for PROVISIONED" : undefined;

const SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

const validity =
  (token: string, unit: string, [low, high]: readonly [number, number]): Constraint =>
  (value, { TokenValidityUnits }) => {
    const units = isRecord(TokenValidityUnits) ? String(TokenValidityUnits[token] ?? unit) : unit;
    const seconds = Number(value) * (SECONDS[units] ?? 0);
    return value === 0 || (seconds >= low && seconds <= high)
      ? undefined
      : `is ${value} ${units}; AWS accepts ${low} to ${high} seconds`;
  };

const RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

interface LifecycleRule {
  readonly Expiration?: Readonly<Record<string, unknown>>;
  readonly Filter?: unknown;
  readonly Prefix?: unknown;
}

const expirationIsOne: Constraint = (value) => {
  const { Expiration = {}, Filter, Prefix } = value as LifecycleRule;
  const set = ["Days", "Date", "ExpiredObjectDeleteMarker"].filter(
    (name) => Expiration[name] !== undefined && Expiration[name] !== false,
  );
  if (set.length > 1) return `has ${set.join(" and ")} in Expiration; AWS accepts one of them`;
  return Filter === undefined && Prefix === undefined ? "has neither Filter nor Prefix; AWS requires one" : undefined;
};

export const SERVICES: readonly Limit[] = [
  {
    of: operations("sqs", "CreateQueue"),
    at: "QueueName",
    accepts: matching(/[\w-]{1,80}|[\w-]{1,75}\.fifo/, "at most 80 letters, digits, hyphens and underscores"),
    rule: page("AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"),
    code: "InvalidParameterValue",
  },
  ...Object.entries(QUEUE_RANGES).map(
    ([name, [low, high]]): Limit => ({
      of: QUEUE,
      at: `Attributes.${name}`,
      accepts: between(low, high),
      rule: QUEUE_PAGE,
    }),
  ),
  {
    of: operations("sns", "CreateTopic"),
    at: "Name",
    accepts: matching(/[\w-]{1,256}|[\w-]{1,251}\.fifo/, "at most 256 letters, digits, hyphens and underscores"),
    rule: page("sns/latest/api/API_CreateTopic.html"),
  },
  { of: TOPIC, at: "Attributes", accepts: namesTopicAttributes, rule: TOPIC_PAGE },
  { of: TOPIC, at: "AttributeName", accepts: matching(TOPIC_ATTRIBUTES, "an attribute of a topic"), rule: TOPIC_PAGE },
  {
    of: operations("sns", "Subscribe"),
    at: "Protocol",
    accepts: oneOf("http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"),
    rule: page("sns/latest/api/API_Subscribe.html"),
  },
  { of: SCHEDULE, at: "ScheduleExpression", accepts: isSchedule, rule: SCHEDULE_PAGE },
  { of: SCHEDULE, at: "Target.Input", accepts: isJson, rule: page("scheduler/latest/APIReference/API_Target.html") },
  {
    of: SCHEDULE,
    at: "Target.DeadLetterConfig.Arn",
    accepts: matching(/arn:aws[a-z-]*:sqs:.+/, "the ARN of a queue"),
    rule: page("scheduler/latest/APIReference/API_DeadLetterConfig.html"),
  },
  {
    of: operations("logs", "PutRetentionPolicy"),
    at: "retentionInDays",
    accepts: oneOf(...RETENTION),
    rule: page("AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"),
  },
  {
    of: operations("logs", "CreateLogGroup"),
    at: "logGroupName",
    accepts: matching(/(?!aws\/).*/, "names that do not begin with aws/"),
    rule: page("AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"),
  },
  {
    of: operations("secretsmanager", "CreateSecret"),
    at: "Name",
    accepts: matching(/[\w/+=.@-]{1,512}/, "at most 512 letters, digits and /_+=.@-"),
    rule: SECRET_PAGE,
  },
  {
    of: operations("kms", "CreateAlias"),
    at: "AliasName",
    accepts: matching(/alias\/(?!aws\/).+/, "alias/{name}, where alias/aws/ is reserved"),
    rule: page("kms/latest/APIReference/API_CreateAlias.html"),
    code: "InvalidAliasNameException",
  },
  {
    of: TABLE,
    at: "TableName",
    accepts: matching(/[\w.-]{3,255}/, "3 to 255 letters, digits and _.-"),
    rule: TABLE_PAGE,
  },
  { of: TABLE, at: "", accepts: attributesAreKeys, rule: TABLE_PAGE },
  { of: TABLE, at: "KeySchema", accepts: hashThenRange, rule: TABLE_PAGE },
  { of: TABLE, at: "ProvisionedThroughput", accepts: onDemandHasNoCapacity, rule: TABLE_PAGE },
  {
    of: operations("acm", "RequestCertificate"),
    at: "DomainName",
    accepts: charactersAtMost(64),
    rule: page("acm/latest/APIReference/API_RequestCertificate.html"),
  },
  {
    of: operations("s3", "CreateBucket"),
    at: "Bucket",
    accepts: matching(
      /(?!.*\.\.)(?![\d.]+$)(?!xn--|sthree-|amzn-s3-demo-)[a-z\d][a-z\d.-]{1,61}[a-z\d](?<!-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)/,
      "3 to 63 lower-case letters, digits, dots and hyphens, without reserved prefixes and suffixes",
    ),
    rule: BUCKET_PAGE,
    code: "InvalidBucketName",
  },
  {
    of: operations("s3", "PutBucketLifecycleConfiguration"),
    at: "LifecycleConfiguration.Rules[]",
    accepts: expirationIsOne,
    rule: page("AmazonS3/latest/API/API_LifecycleRule.html"),
    code: "MalformedXML",
  },
  {
    of: CLIENT,
    at: "AccessTokenValidity",
    accepts: validity("AccessToken", "hours", [300, 86_400]),
    rule: CLIENT_PAGE,
  },
  { of: CLIENT, at: "IdTokenValidity", accepts: validity("IdToken", "hours", [300, 86_400]), rule: CLIENT_PAGE },
  {
    of: CLIENT,
    at: "RefreshTokenValidity",
    accepts: validity("RefreshToken", "days", [3600, 315_360_000]),
    rule: CLIENT_PAGE,
  },
  {
    of: operations("cognito-idp", "CreateUserPool"),
    at: "AliasAttributes",
    accepts: (value, { UsernameAttributes }) =>
      UsernameAttributes === undefined ? undefined : refused("AWS accepts it without UsernameAttributes")(value, {}),
    rule: page("cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html"),
  },
];
