import { isRecord } from "../call.ts";
import { between, type Constraint, type Limit, matching, operations, page } from "./limit.ts";

const FUNCTION = operations("lambda", "CreateFunction", "UpdateFunctionConfiguration");
const CREATE = page("lambda/latest/api/API_CreateFunction.html");
const VARIABLES = page("lambda/latest/dg/configuration-envvars.html");
const INVALID = { code: "InvalidParameterValueException" };

/** Variables that only the runtime may set. TZ is not one of them. */
const RESERVED = new Set(
  (
    "_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME " +
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE " +
    "AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY " +
    "AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR AWS_LAMBDA_MAX_CONCURRENCY " +
    "AWS_LAMBDA_METADATA_API AWS_LAMBDA_METADATA_TOKEN"
  ).split(" "),
);

const variablesFit: Constraint = (value) => {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return bytes <= 4096 ? undefined : `have ${bytes} bytes as JSON; AWS accepts at most 4096`;
};

const noneIsReserved: Constraint = (value) => {
  const reserved = Object.keys(isRecord(value) ? value : {}).filter((name) => RESERVED.has(name));
  return reserved.length === 0
    ? undefined
    : `contain reserved keys that are currently not supported for modification: ${reserved.join(", ")}`;
};

const levelsHaveJson: Constraint = (value) => {
  const { LogFormat = "Text", ApplicationLogLevel, SystemLogLevel } = isRecord(value) ? value : {};
  const hasLevel = ApplicationLogLevel !== undefined || SystemLogLevel !== undefined;
  return LogFormat === "Text" && hasLevel
    ? 'has log levels with LogFormat "Text"; AWS accepts them with "JSON"'
    : undefined;
};

const handlerIsNamed: Constraint = (_, { PackageType = "Zip", Handler, Runtime }) =>
  PackageType === "Zip" && (Handler === undefined || Runtime === undefined)
    ? "lacks Handler or Runtime; AWS requires both for PackageType Zip"
    : undefined;

export const LAMBDA: readonly Limit[] = [
  {
    of: operations("lambda", "CreateFunction"),
    at: "FunctionName",
    accepts: matching(/(.*:)?[\w-]{1,64}/, "at most 64 letters, digits, hyphens and underscores"),
    rule: CREATE,
    code: "ValidationException",
  },
  { of: operations("lambda", "CreateFunction"), at: "", accepts: handlerIsNamed, rule: CREATE, ...INVALID },
  { of: FUNCTION, at: "Timeout", accepts: between(1, 900), rule: CREATE, code: "ValidationException" },
  { of: FUNCTION, at: "MemorySize", accepts: between(128, 10240), rule: CREATE, code: "ValidationException" },
  {
    of: FUNCTION,
    at: "Environment.Variables",
    accepts: variablesFit,
    rule: page("lambda/latest/dg/gettingstarted-limits.html"),
    ...INVALID,
  },
  { of: FUNCTION, at: "Environment.Variables", accepts: noneIsReserved, rule: VARIABLES, ...INVALID },
  {
    of: FUNCTION,
    at: "LoggingConfig",
    accepts: levelsHaveJson,
    rule: page("lambda/latest/api/API_LoggingConfig.html"),
    ...INVALID,
  },
  {
    of: FUNCTION,
    at: "DeadLetterConfig.TargetArn",
    accepts: matching(/|arn:aws[a-z-]*:(sqs|sns):.+/, "the ARN of a queue or topic"),
    rule: page("lambda/latest/api/API_DeadLetterConfig.html"),
    ...INVALID,
  },
  {
    of: operations("lambda", "PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig"),
    at: "DestinationConfig.*.Destination",
    accepts: matching(
      /|arn:aws[a-z-]*:(lambda|sqs|sns|events|s3):.+/,
      "the ARN of a function, queue, topic, event bus or bucket",
    ),
    rule: page("lambda/latest/dg/invocation-async-retain-records.html"),
    ...INVALID,
  },
];
