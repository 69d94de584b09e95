import type { SettingName } from "../aws/config.ts";
import { fanOut, frame, type Grant, presence } from "./grants.ts";
import { settings } from "./settings.ts";

/** A function that other functions leave work to. */
export interface Worker {
  /** The file beside this one, without its ending; names the function and everything else in Terraform. */
  readonly entry: string;
  /** One line for the README. */
  readonly does: string;
  /** Longest run of the function. */
  readonly timeoutSeconds: number;
  readonly grants: readonly Grant[];
  /** The settings that the function parses when it starts. Each is one of its environment variables. */
  readonly settings: readonly SettingName[];
}

/** A function that API Gateway calls. It waits for 29 seconds at most. */
export interface Route extends Worker {
  /** The route key: what `$request.body.message` selects, or one of API Gateway's own. */
  readonly key: string;
  /** Send what the function returns back to the caller, as a frame. */
  readonly routeResponse?: true;
  /** Where the environment has none of these, there is no such route, and what is said to it is echoed. */
  readonly needs?: "users" | "moderators";
}

/** Every route of the API. A new one is a row here and a file beside it. */
export const routes: readonly Route[] = [
  {
    key: "$connect",
    entry: "connect",
    does: "stores the connection and joins it to the lobby",
    timeoutSeconds: 10,
    grants: [
      "write connections",
      "read connections",
      "write users",
      "read bans",
      "count users",
      "count addresses",
      "probe counted",
      "read channels",
      "repair lobby",
      "write members",
      ...presence,
    ],
    settings: settings.connect,
  },
  {
    key: "$disconnect",
    entry: "disconnect",
    does: "removes the connection, all its memberships and its name",
    timeoutSeconds: 25,
    grants: ["read connections", ...presence, "invoke fan-out"],
    settings: settings.disconnect,
  },
  {
    key: "$default",
    entry: "default",
    does: "echoes whatever no other route takes to its sender",
    timeoutSeconds: 3,
    routeResponse: true,
    grants: [],
    settings: settings.default,
  },
  {
    key: "sendmessage",
    entry: "send-message",
    does: "says `data` to everybody in a channel, the sender too",
    timeoutSeconds: 25,
    grants: [...frame, "read channels", "read mutes", "claim repeats", "write messages", ...fanOut],
    settings: settings["send-message"],
  },
  {
    key: "join",
    entry: "join",
    does: "makes the sender a member of a channel, which is made if need be",
    timeoutSeconds: 10,
    routeResponse: true,
    grants: [
      ...frame,
      "update connections",
      "read channels",
      "write channels",
      "write directory",
      "use invitations",
      "write members",
      "update members",
      ...presence,
    ],
    settings: settings.join,
  },
  {
    key: "leave",
    entry: "leave",
    does: "ends a membership",
    timeoutSeconds: 10,
    routeResponse: true,
    grants: [...frame, "update connections", "read channels", ...presence],
    settings: settings.leave,
  },
  {
    key: "channels",
    entry: "channels",
    does: "answers which channels there are",
    timeoutSeconds: 5,
    routeResponse: true,
    grants: [...frame, "close expired", "list channels"],
    settings: settings.channels,
  },
  {
    key: "members",
    entry: "members",
    does: "answers who is in a channel",
    timeoutSeconds: 5,
    routeResponse: true,
    grants: [...frame, "close expired", "read channels", "read members"],
    settings: settings.members,
  },
  {
    key: "history",
    entry: "history",
    does: "answers what was said in a channel",
    timeoutSeconds: 5,
    routeResponse: true,
    grants: [...frame, "close expired", "read channels", "read messages"],
    settings: settings.history,
  },
  {
    key: "direct",
    entry: "direct",
    does: "says `data` to one user alone",
    timeoutSeconds: 10,
    routeResponse: true,
    grants: [...frame, "read names", "read users", ...presence],
    settings: settings.direct,
  },
  {
    key: "name",
    entry: "name",
    does: "gives the sender's user a name that nobody else has",
    timeoutSeconds: 25,
    routeResponse: true,
    grants: [...frame, "update connections", "update members", "claim names", ...presence],
    settings: settings.name,
  },
  {
    key: "typing",
    entry: "typing",
    does: "tells a channel that the sender is typing",
    timeoutSeconds: 10,
    grants: [...frame, "read channels", "read mutes", ...presence],
    settings: settings.typing,
  },
  {
    key: "invite",
    entry: "invite",
    does: "lets a user join a private channel, or no more; from who made it",
    timeoutSeconds: 10,
    routeResponse: true,
    needs: "users",
    grants: [...frame, "update connections", "read channels", "write invitations", "read users", ...presence],
    settings: settings.invite,
  },
  {
    key: "kick",
    entry: "kick",
    does: "closes all connections of a user; for moderators",
    timeoutSeconds: 10,
    routeResponse: true,
    needs: "moderators",
    grants: [...frame, "read users", "close kicked", ...presence, "invoke fan-out"],
    settings: settings.kick,
  },
  {
    key: "ban",
    entry: "ban",
    does: "closes all connections of a user and refuses new ones; for moderators",
    timeoutSeconds: 10,
    routeResponse: true,
    needs: "moderators",
    grants: [...frame, "write bans", "read users", "close kicked", ...presence, "invoke fan-out"],
    settings: settings.ban,
  },
  {
    key: "unban",
    entry: "unban",
    does: "lifts a ban; for moderators",
    timeoutSeconds: 5,
    routeResponse: true,
    needs: "moderators",
    grants: [...frame, "close expired", "remove bans"],
    settings: settings.unban,
  },
  {
    key: "mute",
    entry: "mute",
    does: "stops a user from sending to a channel for a time; for moderators",
    timeoutSeconds: 10,
    routeResponse: true,
    needs: "moderators",
    grants: [...frame, "read channels", "write mutes", "read users", "push", "close expired"],
    settings: settings.mute,
  },
  {
    key: "delete",
    entry: "delete",
    does: "takes back what was said, and tells the channel; from moderators",
    timeoutSeconds: 25,
    routeResponse: true,
    needs: "moderators",
    grants: [...frame, "read channels", "delete messages", ...fanOut],
    settings: settings.delete,
  },
];

/** Every function without a route. A new one is a row here and a file beside it. */
export const workers: readonly Worker[] = [
  {
    entry: "fan-out",
    does: "does what other functions leave: shards, retries, notices; disconnects clients that do not read",
    timeoutSeconds: 60,
    grants: ["read connections", ...fanOut, "probe stalled", "close stalled"],
    settings: settings["fan-out"],
  },
];

/** Who decides of a client that connects, where the environment takes tokens. */
export const authorizer: Worker = {
  entry: "authorize",
  does: "lets in to `$connect` whose token is good, in environments that take tokens",
  timeoutSeconds: 10,
  grants: [],
  settings: settings.authorize,
};

/** The function of every service of chat-ops: each has its own, with a route, a role and a secret. */
export const chatOps: Worker = {
  entry: "chat-ops",
  does: "looks after the credential of one service, where the environment has enabled it",
  timeoutSeconds: 25,
  grants: [...frame, "close expired", "write ops messages", "invoke fan-out"],
  settings: settings["chat-ops"],
};
