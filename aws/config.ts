import * as v from "valibot";
import { ACTIONS, type Action } from "../chatops/service.ts";

/*
 * The settings of the functions. Each is one environment variable, so that a plan shows what changes. `infra/` sets the
 * variables of the settings that a function declares in handlers/settings.ts, and the function parses exactly these when it
 * starts. There are no defaults: a setting that is off has an explicit value ("unlimited", "everybody", "any", []).
 */

interface Setting<Schema extends v.GenericSchema<unknown, unknown>> {
  readonly variable: string;
  readonly schema: Schema;
  /** Completes the sentence "…; allowed: ". */
  readonly allowed: string;
}

const setting = <Schema extends v.GenericSchema<unknown, unknown>>(
  variable: string,
  schema: Schema,
  allowed: string,
): Setting<Schema> => ({ variable, schema, allowed });

// `custom` instead of pipes of checks: every bundle has all these schemas, and most checks are used nowhere else.
const text = v.custom<string>((value) => typeof value === "string" && value !== "");
const json = <Schema extends v.GenericSchema<unknown, unknown>>(schema: Schema) =>
  v.pipe(v.string(), v.parseJson(), schema);
const whole = (min: number) => v.custom<number>((value) => Number.isSafeInteger(value) && Number(value) >= min);
const boolean = v.custom<boolean>((value) => typeof value === "boolean");
const groups: v.GenericSchema<unknown, readonly string[]> = v.array(v.string());
/** A word for a setting that is off, or JSON. Not `union`, which adds a kilobyte to every bundle. */
const wordOr = <const Word extends string, Schema extends v.GenericSchema<unknown, unknown>>(
  word: Word,
  schema: Schema,
) => v.lazy((input) => (input === word ? v.literal(word) : json(schema)));
const countOrUnlimited = wordOr("unlimited", whole(1));
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const privateChannels = v.custom<Readonly<Record<string, readonly string[]>>>(
  (value) => isObject(value) && Object.values(value).every((each) => v.is(groups, each)),
);

const accessRules = v.custom<{
  readonly channelCreators: "everybody" | readonly string[];
  readonly privateChannels: Readonly<Record<string, readonly string[]>>;
}>((value) => isObject(value) && "channelCreators" in value && "privateChannels" in value);

const groupOfEachAction = v.custom<Readonly<Record<Action, string>>>(
  (value) => isObject(value) && ACTIONS.every((action) => v.is(text, (value as Record<string, unknown>)[action])),
);

export const SETTINGS = {
  tableName: setting("TABLE_NAME", text, "the name of the DynamoDB table"),
  /** The SDK's own variable for this endpoint. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
  managementEndpoint: setting("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", text, "https://…/<stage>"),
  fanOutFunction: setting("FAN_OUT_FUNCTION", text, "the name of the fan-out function"),
  /** Invoked with the events of the environment. */
  eventsFunction: setting("EVENTS_FUNCTION", text, '"none", or the name of the function that sends events'),
  eventBus: setting("EVENT_BUS", text, "the name of the event bus"),
  metricsNamespace: setting("METRICS_NAMESPACE", text, "the environment's namespace in CloudWatch"),
  messageRetentionDays: setting("MESSAGE_RETENTION_DAYS", json(whole(1)), "a whole number of days, at least 1"),
  /** Larger channels get no presence and no typing events. */
  presenceMembersMax: setting("PRESENCE_MEMBERS_MAX", json(whole(0)), "a whole number of members, at least 0"),
  authentication: setting(
    "AUTHENTICATION",
    v.picklist(["none", "cognito", "jwt", "iam"]),
    "one of none, cognito, jwt, iam",
  ),
  /** Not the list of moderators: with the list of origins, it can exceed the size of a function's variables. */
  checksBans: setting("CHECK_BANS", json(boolean), "true or false"),
  /** The origins of the pages that may connect. */
  allowedOrigins: setting(
    "ALLOWED_ORIGINS",
    v.pipe(
      text,
      v.transform((value): "any" | readonly string[] => (value === "any" ? value : value.split(" "))),
    ),
    '"any", or origins with spaces between them',
  ),
  /** The groups whose members may create channels. */
  channelCreators: setting(
    "CHANNEL_CREATORS",
    wordOr("everybody", groups),
    '"everybody", or a JSON array of group names',
  ),
  /** The private channels of the environment, each with the groups whose members may join. */
  privateChannels: setting(
    "PRIVATE_CHANNELS",
    json(privateChannels),
    "a JSON object of channels and arrays of group names",
  ),
  /** Whether users stay in their channels while they are not connected. */
  lastingMembership: setting("LASTING_MEMBERSHIP", json(boolean), "true or false"),
  /** The access rules by which `$connect` adds users to their lasting channels. "off": users have no lasting channels. */
  lastingAccess: setting("LASTING_ACCESS", wordOr("off", accessRules), '"off", or a JSON object'),
  /** The groups whose members are moderators. */
  moderators: setting("MODERATORS", json(groups), "a JSON array of group names"),
  /** How long users may edit and delete their own messages. */
  ownMessageMinutes: setting("OWN_MESSAGE_MINUTES", wordOr("off", whole(1)), '"off", or a whole number of minutes'),
  /** Whether direct messages are stored. */
  storesReactions: setting("STORES_REACTIONS", json(boolean), "true or false"),
  readReceipts: setting("READ_RECEIPTS", json(boolean), "true or false"),
  directConversations: setting("DIRECT_CONVERSATIONS", json(boolean), "true or false"),
  messageRate: setting(
    "MESSAGE_RATE",
    wordOr("unlimited", v.object({ perSecond: whole(1), burst: whole(1) })),
    '"unlimited", or a JSON object with perSecond and burst',
  ),
  /** The function that reviews messages. */
  review: setting(
    "REVIEW",
    wordOr(
      "none",
      v.object({ functionArn: text, timeoutMilliseconds: whole(1), onFailure: v.picklist(["allow", "deny"]) }),
    ),
    '"none", or a JSON object with functionArn, timeoutMilliseconds and onFailure',
  ),
  connectionsPerUserMax: setting("CONNECTIONS_PER_USER_MAX", countOrUnlimited, '"unlimited", or a whole number'),
  connectionsPerAddressMax: setting("CONNECTIONS_PER_ADDRESS_MAX", countOrUnlimited, '"unlimited", or a whole number'),
  /** Which tokens the authorizer accepts. */
  tokenRules: setting(
    "TOKEN_RULES",
    json(
      v.object({
        kind: v.picklist(["cognito", "jwt"]),
        issuer: text,
        audience: v.union([text, v.pipe(v.array(text), v.minLength(1), v.readonly())]),
        userClaim: text,
        groupsClaim: text,
        closeAtExpiry: boolean,
      }),
    ),
    "the JSON that Terraform makes of the authentication",
  ),
  /** Where backends may publish. */
  publishRules: setting(
    "PUBLISH_RULES",
    json(v.object({ channels: v.union([v.literal("any"), v.array(text)]), users: boolean })),
    'a JSON object with channels, which is "any" or an array, and users, which is true or false',
  ),
  /** The key of the service whose credential the function manages. */
  service: setting("SERVICE", text, "the key of a service in chatops/services.ts"),
  secretArn: setting("SECRET_ARN", text, "the ARN of the service's secret"),
  /** Which group may do what with the service. */
  chatOpsRules: setting(
    "CHAT_OPS_RULES",
    json(
      v.object({
        groups: groupOfEachAction,
        confirmed: v.array(v.picklist(ACTIONS)) as v.GenericSchema<unknown, readonly Action[]>,
        confirmationSeconds: whole(1),
      }),
    ),
    "the JSON that Terraform makes of chatOps",
  ),
} as const;

export type SettingName = keyof typeof SETTINGS;

/** The values of all settings. A function has those that it declares: `Pick<Config, "tableName" | …>`. */
export type Config = { readonly [Name in SettingName]: v.InferOutput<(typeof SETTINGS)[Name]["schema"]> };

type Variables = Readonly<Record<string, string | undefined>>;

/** Lists of settings. A function needs those of all lists. */
export type SettingLists = readonly (readonly SettingName[])[];

/** Parses a function's settings. Throws if any is missing or invalid, and names each of them. */
export function configOf<const Lists extends SettingLists>(
  lists: Lists,
  variables: Variables = process.env,
): Pick<Config, Lists[number][number]> {
  const problems: string[] = [];
  const values = [...new Set(lists.flat())].map((name) => {
    const { variable, schema, allowed } = SETTINGS[name];
    const received = variables[variable];
    const parsed = v.safeParse(schema, received);
    if (!parsed.success)
      problems.push(`  ${variable} is ${JSON.stringify(received) ?? "missing"}; allowed: ${allowed}.`);
    return [name, parsed.output];
  });
  if (problems.length === 0) return Object.fromEntries(values) as Pick<Config, Lists[number][number]>;
  throw new Error(
    `The function has invalid environment variables. Terraform sets them: deploy the stack again.\n${problems.join("\n")}`,
  );
}

/** The environment variables that `configOf` parses into these values. */
export const variablesOf = (config: Partial<Config>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => [SETTINGS[name as SettingName].variable, variableOf(name, value)]),
  );

function variableOf(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  return name === "allowedOrigins" ? (value as readonly string[]).join(" ") : JSON.stringify(value);
}
