import * as v from "valibot";
import { CHANNEL_NAME, isPrivate } from "../../chat/channel.ts";
import { authentication, origins } from "./authentication.ts";
import { chatOps } from "./chat-ops.ts";
import { domain, TOP_LEVEL_DOMAIN } from "./domain.ts";
import { REGIONS } from "./regions.ts";
import { group, INTEGER_MAX, oneOf, onOrOff, printable, text, whole } from "./rules.ts";
import { tags } from "./tags.ts";
import { website } from "./website.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MEMORY_MEGABYTES = { min: 128, max: 10_240 };

/** Both versions run the same bundles. The list must have the keys of PROVIDER_VERSIONS in ../terraform.ts. */
const RUNTIMES = ["nodejs22.x", "nodejs24.x"] as const;

export type FunctionRuntime = (typeof RUNTIMES)[number];

/** The longest log retention. `history` reads messages since then, so the date must be after 1970. */
const MESSAGE_RETENTION_DAYS_MAX = 3_653;

/** 30 days. */
const OWN_MESSAGE_MINUTES_MAX = 43_200;

/** Presence could not reach the members of a larger channel in time. */
const PRESENCE_MEMBERS_MAX = 100_000;

/** SNS takes ASCII. https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html */
const EMAIL = new RegExp(
  String.raw`^(?=.{1,254}$)(?=[^@]{1,64}@)[\w+'-]+(\.[\w+'-]+)*@([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+${TOP_LEVEL_DOMAIN}$`,
  "i",
);

const region = v.message(
  v.pipe(
    v.string(),
    v.check((code) => REGIONS.includes(code)),
  ),
  `the code of an AWS region outside the isolated (iso) partitions: ${REGIONS.join(", ")}`,
);

const throttle = group({
  requestsPerSecond: whole({ min: 1, max: INTEGER_MAX }),
  burst: whole({ min: 1, max: INTEGER_MAX }),
});

/** Each handshake reads all connections of its user or address, so a larger limit would cost more than it protects. */
const CONNECTIONS_MAX = 100_000;

/** A function of a version or an alias has a longer ARN, and is not supported. */
const FUNCTION_ARN = /^arn:aws(-cn|-us-gov)?:lambda:[a-z\d-]+:\d{12}:function:[\w-]{1,64}$/;

/** Functions wait three seconds at most for an answer. */
const REVIEW_MILLISECONDS = { min: 100, max: 2_500 };

const review = group({
  functionArn: text(FUNCTION_ARN, "the ARN of a Lambda function, without a version"),
  /** How long a message waits for the function. */
  timeoutMilliseconds: whole(REVIEW_MILLISECONDS),
  /** What happens to a message if the function fails. It has no default. */
  onFailure: oneOf(["allow", "deny"]),
});

const someGroups = v.pipe(
  v.array(printable("names of groups, as tokens have them"), "a list of groups"),
  v.minLength(1, "at least one group; to use the default, remove the setting"),
);

const privateChannelName = v.message(
  v.pipe(
    v.string(),
    v.check((name) => isPrivate(name) && CHANNEL_NAME.test(name)),
  ),
  'names of channels with a ~ before them, such as "~ops"',
);

/** The services of AWS use the prefix `aws.`, which PutEvents refuses. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const EVENT_SOURCE = /^(?!aws\.)[\w.\-/]{1,256}$/;

const channelName = text(CHANNEL_NAME, "names of channels, in lower case; private ones begin with ~");

const publish = group({
  /** The channels that backends may publish to, or "any". */
  channels: v.lazy((value) =>
    Array.isArray(value)
      ? v.pipe(v.array(channelName), v.minLength(1, 'at least one channel, or "any"'))
      : v.literal("any", '"any", or a list of channels'),
  ),
  /** Backends may also publish to a user. Requires authenticated users. */
  users: onOrOff,
  /** Backends may also send signed HTTP requests to the URL of the function. */
  functionUrl: onOrOff,
  /** The source of events on the default bus of EventBridge that are published. */
  eventSource: v.exactOptional(
    text(EVENT_SOURCE, 'the source of your events: 1 to 256 letters, digits, . - _ and /, without the prefix "aws."'),
  ),
});

/** A part of every name in AWS. "bootstrap" is the stack of the state bucket. */
export const namePart = text(
  /^(?!bootstrap$)[a-z][a-z\d-]*$/,
  'lower-case letters, digits and dashes, a letter first, not "bootstrap"',
);

/** The settings of an environment, each with what AWS and the chat allow. */
export const environmentSchema = group({
  name: namePart,
  region,
  /** Tags of every resource that supports tags, in addition to `project` and `environment`. A tag of the same name replaces these. */
  tags,
  /** The last part of the WebSocket URL. */
  stageName: text(/^[\w-]{1,128}$/, "1 to 128 letters, digits, dashes and underscores"),
  /** The rate limit of the stage, for handshakes and messages. Above it, clients get 429. */
  throttle,
  /** The account's API Gateway quota in this region, if AWS has raised it: `throttle` cannot exceed the quota. */
  throttleQuota: v.exactOptional(throttle),
  logRetentionDays: oneOf(LOG_RETENTION_DAYS),
  /** Log lines of a lower level are dropped. */
  logLevel: oneOf(["DEBUG", "INFO", "WARN", "ERROR"]),
  /** How long messages can be read in `history`. */
  messageRetentionDays: whole({ min: 1, max: MESSAGE_RETENTION_DAYS_MAX }),
  /** How long users may edit and delete their own messages. Without it, only moderators can delete, and nobody can edit. */
  ownMessageMinutes: v.exactOptional(whole({ min: 1, max: OWN_MESSAGE_MINUTES_MAX })),
  /** Stores direct messages, so that users who are away receive them. Requires authenticated users. */
  directConversations: onOrOff,
  /** Larger channels get no presence and no typing events: their cost grows with the square of the members. */
  presenceMembersMax: whole({ min: 0, max: PRESENCE_MEMBERS_MAX }),
  /** CPU grows in proportion: a full core at 1,769 MB. A new account may be limited to 3,008 MB. */
  functionMemoryMegabytes: whole(MEMORY_MEGABYTES),
  /** The functions' version of Node.js; default: nodejs22.x. nodejs24.x requires version 6.21 of the AWS provider. */
  functionRuntime: v.exactOptional(oneOf(RUNTIMES)),
  authentication,
  /** Origins of the pages that may connect. Without it and without `website`, all may. Clients that are not browsers send no origin and may connect. */
  allowedOrigins: v.exactOptional(origins),
  /** The groups whose members may create channels. Without it, everybody may. */
  channelCreators: v.exactOptional(someGroups),
  /** The groups whose members may kick, ban, mute and delete. Without it, these routes do not exist. */
  moderators: v.exactOptional(someGroups),
  /** Private channels that always exist, each with the groups whose members may join. */
  privateChannels: v.exactOptional(
    v.record(privateChannelName, someGroups, "an object of channels and lists of groups"),
  ),
  /**
   * Users stay in their channels while they are not connected: a new connection is in them at once. Requires authenticated
   * users.
   */
  lastingMembership: onOrOff,
  /**
   * The frames that one user may send by all connections, or guests from one address: `burst` at once, then `perSecond`.
   * A frame beyond the limit is refused. Another one within a second closes the connection. Without it, only `throttle`
   * applies.
   */
  messageRate: v.exactOptional(
    group({ perSecond: whole({ min: 1, max: 1_000 }), burst: whole({ min: 1, max: 1_000_000 }) }),
  ),
  /** A further connection is refused with 429. Requires authenticated users. */
  connectionsPerUserMax: v.exactOptional(whole({ min: 1, max: CONNECTIONS_MAX })),
  /** A further connection is refused with 429. An office or a mobile network can share one address. */
  connectionsPerAddressMax: v.exactOptional(whole({ min: 1, max: CONNECTIONS_MAX })),
  /** Credentials of other services, managed from the chat. Requires an authentication with groups. */
  chatOps: v.exactOptional(chatOps),
  /** Lets backends send messages. Without it, the function `publish` does not exist. */
  publish: v.exactOptional(publish),
  /** Sends an event to a bus in EventBridge after messages, joins, moderation and chat-ops. */
  events: onOrOff,
  /** Your own function that accepts or denies each message. Without it, messages are not reviewed. */
  review: v.exactOptional(review),
  /** Lets users react to messages with emojis. */
  reactions: onOrOff,
  /** Stores how far each user has read, and counts unread messages. Requires authenticated users. */
  unreadCounts: onOrOff,
  /** Users see how far others have read their direct messages. Requires directConversations and unreadCounts. */
  readReceipts: onOrOff,
  /** The address that gets the alarms, once it has confirmed the subscription. */
  alarmEmail: v.exactOptional(text(EMAIL, "an e-mail address in ASCII")),
  dashboard: onOrOff,
  /** A line for each handshake, frame and disconnect. Deploy the bootstrap stack first: it lets API Gateway write logs. */
  accessLog: onOrOff,
  /** Traces of the functions, in X-Ray. */
  tracing: onOrOff,
  /** Where clients connect: `wss://<name>`. */
  domain: v.exactOptional(domain),
  /** A page to chat in, behind CloudFront. Its origin may always connect. Other origins need `allowedOrigins`. */
  website: v.exactOptional(website),
  /** Keeps the state in `STATE_BUCKET`, not in a local file. */
  remoteState: onOrOff,
  /** While it is on, neither Terraform nor a person can delete the table. */
  deletionProtection: onOrOff,
});

/** The settings of one deployment of the chat, which has its own stack, state and URL. */
export type Environment = Readonly<v.InferOutput<typeof environmentSchema>>;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME =
  /^(?!xn--|sthree-|amzn-s3-demo-)[a-z\d][a-z\d-]{1,61}[a-z\d](?<!-s3alias|--ol-s3|--x-s3|--table-s3|-an)$/;

export const bucketSchema = group({
  name: text(
    BUCKET_NAME,
    "3 to 63 lower-case letters, digits and dashes, without a dash at the ends and without a reserved prefix or suffix",
  ),
  region,
});

export type StateBucket = Readonly<v.InferOutput<typeof bucketSchema>>;

/** The content of `environments.ts`. */
export interface Settings {
  readonly project: string;
  readonly environments: readonly Environment[];
  readonly stateBucket: StateBucket | undefined;
}
