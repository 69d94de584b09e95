import { list } from "../../iam/document.ts";
import { unsupportedNodeOptions } from "../../lambda/node-options.ts";
import {
  type Attributes,
  block,
  blocks,
  type Resources,
  resourcesByAddress,
  resourcesOfType,
  type Value,
} from "../configuration.ts";
import { type Finding, type Rule, shown } from "./constraints.ts";
import { tableRules } from "./table-relations.ts";

const AWS = "https://docs.aws.amazon.com/";
const LAMBDA = `${AWS}lambda/latest/dg/`;
const VARIABLES = `${LAMBDA}configuration-envvars.html`;
const TAGS = `${AWS}tag-editor/latest/userguide/best-practices-and-strats.html`;

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED_VARIABLES = [
  ...["_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV"],
  ...["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"],
  ...["AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"],
  ...["AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  ...["AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_MAX_CONCURRENCY", "AWS_LAMBDA_METADATA_API", "AWS_LAMBDA_METADATA_TOKEN"],
  ...["LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"],
];

const VARIABLES_BYTES_MAX = 4096;

function variables({ environment }: Attributes): ReturnType<Rule> {
  const own = block(block(environment).variables);
  const reserved = Object.keys(own).filter((name) => RESERVED_VARIABLES.includes(name));
  const malformed = Object.keys(own).filter(
    (name) => !/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name) && !reserved.includes(name),
  );
  const values = Object.entries(own).filter(([, value]) => typeof value === "object");
  const bytes = Buffer.byteLength(JSON.stringify(own));
  return [
    ...unsupportedNodeOptions(String(own.NODE_OPTIONS ?? "")).map((name) => ({
      problem: `The environment variable NODE_OPTIONS contains ${name}, which Node.js ${process.versions.node} or the emulator does not accept there. Remove it.`,
      rule: "https://nodejs.org/api/cli.html#node_optionsoptions",
    })),
    ...reserved.map((name) => ({
      problem: `The environment variable ${name} is reserved for Lambda. Use another name.`,
      rule: `${VARIABLES}#configuration-envvars-runtime`,
    })),
    ...malformed.map((name) => ({
      problem: `The environment variable ${shown(name)} has an invalid name. It must be a letter, followed by at least one letter, digit or underscore.`,
      rule: VARIABLES,
    })),
    ...values.map(([name, value]) => ({
      problem: `The environment variable ${name} is ${shown(value)}. It must be a string.`,
      rule: VARIABLES,
    })),
    ...(bytes > VARIABLES_BYTES_MAX
      ? [
          {
            problem: `All environment variables together have ${bytes} bytes. Lambda allows at most ${VARIABLES_BYTES_MAX}.`,
            rule: `${LAMBDA}gettingstarted-limits.html`,
          },
        ]
      : []),
  ];
}

function logLevels({ logging_config }: Attributes): ReturnType<Rule> {
  const { log_format: format, application_log_level: application, system_log_level: system } = block(logging_config);
  if (format === "JSON" || (application ?? system ?? undefined) === undefined) return [];
  const problem = `"logging_config" has a log level and the log format ${shown(format)}. Log levels require the format JSON.`;
  return [{ problem, rule: `${AWS}lambda/latest/api/API_LoggingConfig.html` }];
}

function settingsOfRoutes({ api_id, route_settings }: Attributes, resources: Resources): ReturnType<Rule> {
  const routes = resourcesOfType(resources, "aws_apigatewayv2_route").filter((route) => route.api_id === api_id);
  const keys = routes.map(({ route_key }) => route_key);
  return blocks(route_settings)
    .filter(({ route_key }) => !keys.includes(route_key as Value))
    .map(({ route_key }) => ({
      problem: `"route_settings" refers to the route ${shown(route_key)}, which its API does not have. Its routes are ${keys.join(", ") || "none"}.`,
      rule: `${AWS}apigatewayv2/latest/api-reference/apis-apiid-stages.html`,
    }));
}

function stageDeployment({ auto_deploy, deployment_id, stage_variables }: Attributes): ReturnType<Rule> {
  const rule = `${AWS}apigatewayv2/latest/api-reference/apis-apiid-stages.html`;
  const names = Object.keys(block(stage_variables)).filter((name) => !/^\w+$/.test(name));
  return [
    ...(auto_deploy === true && (deployment_id ?? undefined) !== undefined
      ? [
          {
            problem:
              '"deployment_id" and "auto_deploy" are both set. Remove one: with "auto_deploy", API Gateway creates deployments.',
            rule,
          },
        ]
      : []),
    ...names.map((name) => ({
      problem: `The stage variable ${shown(name)} has an invalid name. Use letters, digits and _.`,
      rule,
    })),
  ];
}

function customAuthorization({ authorization_type, authorizer_id }: Attributes): ReturnType<Rule> {
  if (authorization_type !== "CUSTOM" || typeof authorizer_id === "string") return [];
  const problem = '"authorization_type" is CUSTOM, but "authorizer_id" is missing. Set it.';
  return [{ problem, rule: `${AWS}apigatewayv2/latest/api-reference/apis-apiid-routes.html` }];
}

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html */
function backend({ integration_type: type, integration_method, integration_uri: uri }: Attributes): ReturnType<Rule> {
  if (type === "MOCK") return [];
  const isHttp = type === "HTTP" || type === "HTTP_PROXY";
  const isUrl = /^https?:\/\/|^\$\{/.test(String(uri));
  return [
    ...((uri ?? undefined) === undefined ? [`"integration_uri" is missing. The type ${type} requires it.`] : []),
    ...(isHttp && (uri ?? undefined) !== undefined && !isUrl
      ? [
          `"integration_uri" is ${shown(uri)}. The type ${type} requires an address that begins with http:// or https://.`,
        ]
      : []),
    ...(isHttp && (integration_method ?? undefined) === undefined
      ? [`"integration_method" is missing. The type ${type} requires it.`]
      : []),
  ].map((problem) => ({ problem, rule: `${AWS}apigatewayv2/latest/api-reference/apis-apiid-integrations.html` }));
}

function deployedRoutes({ api_id }: Attributes, resources: Resources): ReturnType<Rule> {
  if (resourcesOfType(resources, "aws_apigatewayv2_route").some((route) => route.api_id === api_id)) return [];
  const problem = "It deploys an API without routes. API Gateway requires at least one. Add a route.";
  return [{ problem, rule: `${AWS}apigateway/latest/developerguide/set-up-websocket-deployment.html` }];
}

function flexibleWindow({ flexible_time_window }: Attributes): ReturnType<Rule> {
  const { mode, maximum_window_in_minutes: minutes } = block(flexible_time_window);
  if ((mode === "FLEXIBLE") === ((minutes ?? undefined) !== undefined)) return [];
  const problem = `The flexible time window has the mode ${shown(mode)} and ${shown(minutes)} minutes. FLEXIBLE requires "maximum_window_in_minutes", and OFF does not allow it.`;
  return [{ problem, rule: `${AWS}scheduler/latest/APIReference/API_FlexibleTimeWindow.html` }];
}

/** Rules that relate several attributes or resources, by resource type. */
const RELATIONS: Readonly<Record<string, readonly Rule[]>> = {
  aws_lambda_function: [variables, logLevels],
  aws_apigatewayv2_stage: [settingsOfRoutes, stageDeployment],
  aws_apigatewayv2_route: [customAuthorization],
  aws_apigatewayv2_deployment: [deployedRoutes],
  aws_apigatewayv2_integration: [backend],
  aws_dynamodb_table: tableRules,
  aws_scheduler_schedule: [flexibleWindow],
};

export const relationFindings = (resources: Resources): Finding[] =>
  Object.entries(RELATIONS).flatMap(([type, rules]) =>
    resourcesByAddress(resources, type).flatMap(([address, attributes]) =>
      rules.flatMap((rule) => rule(attributes, resources).map((found) => ({ address, ...found }))),
    ),
  );

const LANGUAGE = "https://developer.hashicorp.com/terraform/language/";

/** Checks the names of resources in Terraform, and that `depends_on` refers to existing ones. */
export function nameFindings(resources: Resources): Finding[] {
  return Object.keys(resources).flatMap((type) => {
    const isData = (name: string) => /^(data|module|var|local)\./.test(name);
    return resourcesByAddress(resources, type).flatMap(([address, { depends_on }]) => [
      ...(/^\w+\.[\p{L}_][\p{L}\p{N}_-]*$/u.test(address)
        ? []
        : [
            {
              address,
              problem: "The name is invalid. It must be letters, digits, _ and -, not beginning with a digit or -.",
              rule: `${LANGUAGE}syntax/configuration#identifiers`,
            },
          ]),
      ...list(depends_on)
        .map((name) => String(name).replace(/^\$\{(.*)\}$/, "$1"))
        .filter((name) => !isData(name) && !isDeclared(resources, name))
        .map((name) => ({
          address,
          problem: `"depends_on" has ${shown(name)}, which is not in the stack. Add or remove it.`,
          rule: `${LANGUAGE}meta-arguments/depends_on`,
        })),
    ]);
  });
}

function isDeclared(resources: Resources, name: string): boolean {
  const [, type = "", id = ""] = /^(\w+)\.([\p{L}\p{N}_-]+)/u.exec(name) ?? [];
  return Object.hasOwn(resources[type] ?? {}, id);
}

/**
 * Checks AWS's limits for tags. IAM ignores the case of tag keys; other services do not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 */
export function tagFindings(resources: Resources, defaultTags: Attributes): Finding[] {
  return Object.keys(resources).flatMap((type) =>
    resourcesByAddress(resources, type).flatMap(([address, { tags }]) => {
      // The tags in an unresolved expression are unknown.
      const own = { ...defaultTags, ...(typeof tags === "string" ? {} : block(tags)) };
      return tagProblems(own, type.startsWith("aws_iam_")).map((problem) => ({ address, problem, rule: TAGS }));
    }),
  );
}

const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function tagProblems(tags: Attributes, ignoresCase: boolean): string[] {
  const names = Object.keys(tags);
  const lowered = names.map((name) => name.toLowerCase());
  const isTag = (text: string, max: number) => text.includes("${") || (text.length <= max && TAG_CHARACTERS.test(text));
  return [
    ...(names.length > 50 ? [`It has ${names.length} tags. AWS allows at most 50.`] : []),
    ...names
      .filter((name) => name === "" || !isTag(name, 128) || /^aws:/i.test(name))
      .map(
        (name) =>
          `The tag key ${shown(name)} is invalid. It must be 1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:.`,
      ),
    ...Object.entries(tags)
      .filter(([, value]) => !isTag(String(value), 256))
      .map(
        ([name]) =>
          `The value of the tag ${shown(name)} is invalid. It must be at most 256 letters, digits, spaces and _.:/=+-@.`,
      ),
    ...(ignoresCase ? lowered.filter((name, index) => lowered.indexOf(name) !== index) : []).map(
      (name) => `Two tag keys are equal to ${shown(name)} when case is ignored, as IAM does. Rename one.`,
    ),
  ];
}
