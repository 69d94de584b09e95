import * as v from "valibot";
import { authentication, origins, tokensOf } from "./authentication.ts";
import { authorization, uselessIn } from "./authorization.ts";
import { chatOps, chatOpsRefusal } from "./chat-ops-settings.ts";
import { limits } from "./limits.ts";
import { unavailableIn } from "./region-availability.ts";
import { group, oneOf, onOrOff, text, whole } from "./setting-rules.ts";

/* What an environment may be told. Each rule is for who broke it. */

/** What CloudWatch takes. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MEMORY_MEGABYTES = { min: 128, max: 10_240 };

const DOMAIN_NAME = /^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,}$/;

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const TAG_CHARACTERS = String.raw`[\w .:/=+@-]`;

const domainName = text(DOMAIN_NAME, 'a domain name in lower case, such as "chat.example.com"');

const tags = v.record(
  text(
    new RegExp(`^(?!aws:|project$|environment$)${TAG_CHARACTERS}{1,128}$`),
    "names of 1 to 128 letters, digits, spaces and _ . : / = + - @, and not aws:…, project or environment",
  ),
  text(new RegExp(`^${TAG_CHARACTERS}{0,256}$`), "values of up to 256 letters, digits, spaces and _ . : / = + - @"),
  "an object of names and values",
);

const domain = v.pipe(
  group({
    /** Where clients connect: `wss://<name>`. */
    name: domainName,
    /** The public zone in Route 53 that `name` is in. It has to be there. */
    hostedZone: domainName,
  }),
  v.forward(
    v.check(({ name, hostedZone }) => `.${name}`.endsWith(`.${hostedZone}`), "a name in the domain's hostedZone"),
    ["name"],
  ),
);

/** Of the partitions that aws/partition.ts has: not the isolated ones. */
const region = text(
  /^(?!..-iso)[a-z]{2}(-[a-z]+)+-\d$/,
  'the code of an AWS region outside the isolated (iso) partitions, such as "eu-west-2"',
);

/** Of every name in AWS. The state's stack has the name of an environment that cannot be. */
const namePart = text(
  /^(?!bootstrap$)[a-z][a-z\d-]*$/,
  'lower-case letters, digits and dashes, a letter first, not "bootstrap"',
);

/** The settings of an environment, each with what it may be. */
export const environmentSchema = group({
  name: namePart,
  region,
  /** On everything that takes tags, beside `project` and `environment`. */
  tags,
  /** The last part of the WebSocket URL. */
  stageName: text(/^[\w-]{1,128}$/, "1 to 128 letters, digits, dashes and underscores"),
  /** What the stage lets through, handshakes and messages together; beyond it clients get 429. */
  throttle: group({ requestsPerSecond: whole({ min: 1 }), burst: whole({ min: 1 }) }),
  logRetentionDays: oneOf(LOG_RETENTION_DAYS),
  /** What functions say below it is dropped. */
  logLevel: oneOf(["DEBUG", "INFO", "WARN", "ERROR"]),
  /** How long what was said can be read in `history`. */
  messageRetentionDays: whole({ min: 1 }),
  /** In a larger channel nobody is told who comes, goes and types: that would cost the square of its members. */
  presenceMembersMax: whole({ min: 0 }),
  /** Buys CPU in proportion: a full core at 1,769 MB. */
  functionMemoryMegabytes: whole(MEMORY_MEGABYTES),
  authentication,
  /** Where pages that connect may come from. Without it, anywhere. What is no browser names no origin, and passes. */
  allowedOrigins: v.exactOptional(origins),
  ...authorization,
  ...limits,
  /** Credentials of other services, looked after from the chat. Needs an authentication that knows groups. */
  chatOps: v.exactOptional(chatOps),
  /** Who hears of alarms, once they have confirmed it by mail. */
  alarmEmail: v.exactOptional(v.message(v.pipe(v.string(), v.email()), "an e-mail address")),
  dashboard: onOrOff,
  /** A line for each handshake, frame and disconnect. Deploy the bootstrap stack first: it lets API Gateway write logs. */
  accessLog: onOrOff,
  /** Traces of the functions, in X-Ray. */
  tracing: onOrOff,
  domain: v.exactOptional(domain),
  /** Keeps the state in `STATE_BUCKET`, and not beside the project. */
  remoteState: onOrOff,
  /** Nobody can delete the table, Terraform neither, until it is off. */
  deletionProtection: onOrOff,
});

/** Where and how a copy of the chat is deployed: one stack, one state, one URL each. */
export type Environment = Readonly<v.InferOutput<typeof environmentSchema>>;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucketSchema = group({
  name: text(/^[a-z\d][a-z\d-]{1,61}[a-z\d]$/, "3 to 63 lower-case letters, digits and dashes, no dash at the ends"),
  region,
});

export type StateBucket = Readonly<v.InferOutput<typeof bucketSchema>>;

/** What `environments.ts` says. */
export interface Settings {
  readonly project: string;
  readonly environments: readonly Environment[];
  readonly stateBucket: StateBucket | undefined;
}

/** Throws at settings that cannot be: names each with its place, what was received and what is allowed. */
export function checkSettings({ project, environments, stateBucket }: Settings): void {
  check(group({ PROJECT: namePart }), { PROJECT: project }, "The project");
  if (stateBucket) check(bucketSchema, stateBucket, "STATE_BUCKET");
  for (const [index, environment] of environments.entries()) {
    const { name } = environment;
    refuseRemoved(environment);
    check(environmentSchema, environment, `The environment "${name}"`);
    const first = environments.findIndex((other) => other.name === name);
    if (first !== index) throw new Error(`Two environments have the name "${name}". ${REMEDY}`);
    refuseSharedTokens(environment, environments.slice(0, index));
    const wrong = contradictionIn(environment, stateBucket);
    if (wrong) throw new Error(`The environment "${name}" has ${wrong}. ${REMEDY}`);
  }
}

/** Settings of earlier versions, each with what to do instead. */
const REMOVED = {
  apiGatewayLogsRole:
    "The role is in the bootstrap stack now: before the next deploy, move it as docs/deploy.md#move-the-log-role-to-the-bootstrap-stack says",
};

function refuseRemoved(environment: Environment): void {
  for (const [setting, remedy] of Object.entries(REMOVED)) {
    if (!(setting in environment)) continue;
    throw new Error(
      `The environment "${environment.name}" has the setting ${setting}, which no longer exists. Remove it from infra/environments.ts. ${remedy}.`,
    );
  }
}

/** A setting that another one makes useless, in words. */
function contradictionIn(environment: Environment, stateBucket: StateBucket | undefined): string | undefined {
  const { authentication, chatOps, remoteState } = environment;
  if (remoteState && !stateBucket) return "remoteState, but STATE_BUCKET is undefined";
  return unavailableIn(environment) ?? uselessIn(environment) ?? (chatOps && chatOpsRefusal(authentication.kind));
}

/** A token of one environment must not open another. */
function refuseSharedTokens(environment: Environment, others: readonly Environment[]): void {
  const taken = tokensOf(environment.authentication);
  const twin = taken && others.find((other) => tokensOf(other.authentication) === taken);
  if (!twin) return;
  throw new Error(
    `The environments "${twin.name}" and "${environment.name}" take the same tokens: ${taken}. ${REMEDY}`,
  );
}

const REMEDY = "Change it in infra/environments.ts.";

function check(schema: v.GenericSchema, value: unknown, where: string): void {
  const { issues = [] } = v.safeParse(schema, value, { abortPipeEarly: true });
  if (issues.length === 0) return;
  const wrong = issues.map((issue) => `  ${v.getDotPath(issue)} is ${receivedOf(issue)}; allowed: ${issue.message}.`);
  throw new Error(`${where} has settings that cannot be. ${REMEDY}\n${wrong.join("\n")}`);
}

const receivedOf = ({ path }: v.BaseIssue<unknown>): string => JSON.stringify(path?.at(-1)?.value) ?? "missing";
