import type { SettingLists } from "../aws/config.ts";
import { changeDirect, fanOut, frame, type Grant, presence, storeDirect } from "./grants.ts";
import * as settings from "./settings.ts";

/** A function, its timeout and its rights. */
export interface FunctionDefinition {
  /** The handler file, without its extension. It also names the function's resources in Terraform. */
  readonly entry: string;
  /** The description in the generated docs. */
  readonly does: string;
  readonly timeoutSeconds: number;
  readonly grants: readonly Grant[];
  /** The function exists only in environments that have these. If it is a route, `$default` echoes its frames in others. */
  readonly needs?:
    | "users"
    | "moderators"
    | "publish"
    | "own messages"
    | "moderators or own messages"
    | "direct conversations"
    | "reactions"
    | "unread counts";
  /** The settings that the function parses when it starts. Each is one of its environment variables. */
  readonly settings: SettingLists;
}

/**
 * A function that API Gateway calls. The integration timeout is 29 seconds.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export interface Route extends FunctionDefinition {
  /** The route key: a value of `$request.body.message`, or one that API Gateway predefines. */
  readonly key: string;
  /** API Gateway sends the body that the function returns to the client, as a frame. */
  readonly routeResponse?: true;
}

/** The routes of the API. A new route is a row here, a handler file and a use case. */
export const routes: readonly Route[] = [
  {
    key: "$connect",
    entry: "connect",
    does: "stores the connection and adds it to the lobby, and to the lasting channels of its user",
    timeoutSeconds: 10,
    grants: [
      "write connections",
      "read connections",
      "write users",
      "write known users",
      "read bans",
      "read handshakes",
      "write handshakes",
      "change lasting channels",
      "end lost memberships",
      "renew channels",
      "renew directory",
      "renew invitations",
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
    does: "echoes frames that match no other route",
    timeoutSeconds: 3,
    routeResponse: true,
    grants: [],
    settings: settings.echo,
  },
  {
    key: "sendmessage",
    entry: "send-message",
    does: "sends `data` to all members of a channel, including the sender",
    timeoutSeconds: 25,
    grants: [...frame, "read channels", "read mutes", "invoke review", "claim repeats", "write messages", ...fanOut],
    settings: settings.sendMessage,
  },
  {
    key: "join",
    entry: "join",
    does: "adds the sender to a channel, which is created if it does not exist",
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
      "change lasting channels",
      ...presence,
    ],
    settings: settings.join,
  },
  {
    key: "leave",
    entry: "leave",
    does: "removes the sender from a channel",
    timeoutSeconds: 10,
    routeResponse: true,
    grants: [
      ...frame,
      "update connections",
      "read channels",
      "change lasting channels",
      "find own connections",
      ...presence,
    ],
    settings: settings.leave,
  },
  {
    key: "channels",
    entry: "channels",
    does: "lists the channels",
    timeoutSeconds: 5,
    routeResponse: true,
    grants: [...frame, "close expired", "list channels"],
    settings: settings.channels,
  },
  {
    key: "members",
    entry: "members",
    does: "lists the members of a channel",
    timeoutSeconds: 5,
    routeResponse: true,
    grants: [...frame, "close expired", "read channels", "read members"],
    settings: settings.members,
  },
  {
    key: "history",
    entry: "history",
    does: "returns the messages of a channel, or of a conversation with `directConversations`",
    timeoutSeconds: 5,
    routeResponse: true,
    grants: [
      ...frame,
      "close expired",
      "read channels",
      "read messages",
      "read edited messages",
      "read direct messages",
      "read edited direct messages",
      "read reactions",
      "list reactions",
      "read receipts",
    ],
    settings: settings.history,
  },
  {
    key: "conversations",
    entry: "conversations",
    does: "lists the users with whom the sender has exchanged direct messages",
    timeoutSeconds: 5,
    routeResponse: true,
    needs: "direct conversations",
    grants: [...frame, "close expired", "list conversations"],
    settings: settings.conversations,
  },
  {
    key: "direct",
    entry: "direct",
    does: "sends `data` to one user only",
    timeoutSeconds: 10,
    routeResponse: true,
    grants: [...frame, "read names", "read users", "claim direct messages", ...storeDirect, ...presence],
    settings: settings.direct,
  },
  {
    key: "name",
    entry: "name",
    does: "changes the sender's name to one that is not in use",
    timeoutSeconds: 25,
    routeResponse: true,
    grants: [...frame, "update connections", "update members", "claim names", ...presence],
    settings: settings.name,
  },
  {
    key: "typing",
    entry: "typing",
    does: "notifies a channel that the sender is typing",
    timeoutSeconds: 10,
    grants: [...frame, "read channels", "read mutes", ...presence],
    settings: settings.typing,
  },
  {
    key: "invite",
    entry: "invite",
    does: "invites a user to a private channel, or revokes the invitation (channel creator only)",
    timeoutSeconds: 10,
    routeResponse: true,
    needs: "users",
    grants: [
      ...frame,
      "update connections",
      "read channels",
      "write invitations",
      "change lasting channels",
      "read users",
      ...presence,
    ],
    settings: settings.invite,
  },
  {
    key: "kick",
    entry: "kick",
    does: "closes all connections of a user (moderators only)",
    timeoutSeconds: 10,
    routeResponse: true,
    needs: "moderators",
    grants: [...frame, "read users", "close kicked", ...presence, "invoke fan-out"],
    settings: settings.kick,
  },
  {
    key: "ban",
    entry: "ban",
    does: "closes all connections of a user and refuses new ones (moderators only)",
    timeoutSeconds: 10,
    routeResponse: true,
    needs: "moderators",
    grants: [...frame, "write bans", "read users", "close kicked", ...presence, "invoke fan-out"],
    settings: settings.ban,
  },
  {
    key: "unban",
    entry: "unban",
    does: "lifts a ban (moderators only)",
    timeoutSeconds: 5,
    routeResponse: true,
    needs: "moderators",
    grants: [...frame, "close expired", "remove bans", "queue events"],
    settings: settings.unban,
  },
  {
    key: "mute",
    entry: "mute",
    does: "stops a user from sending to a channel for a time (moderators only)",
    timeoutSeconds: 10,
    routeResponse: true,
    needs: "moderators",
    grants: [...frame, "read channels", "write mutes", "read users", "push", "close expired", "queue events"],
    settings: settings.mute,
  },
  {
    key: "delete",
    entry: "delete",
    does: "deletes a message of a channel or a conversation, and notifies its users (moderators in channels, and its sender with `ownMessageMinutes`)",
    timeoutSeconds: 25,
    routeResponse: true,
    needs: "moderators or own messages",
    grants: [
      ...frame,
      "read channels",
      "read edited messages",
      "delete messages",
      "change direct messages",
      "remove reactions",
      ...changeDirect,
      ...fanOut,
    ],
    settings: settings.deleteMessage,
  },
  {
    key: "edit",
    entry: "edit",
    does: "replaces the text of one of the sender's messages in a channel or a conversation, and notifies its users",
    timeoutSeconds: 25,
    routeResponse: true,
    needs: "own messages",
    grants: [
      ...frame,
      "read channels",
      "read mutes",
      "invoke review",
      "edit messages",
      "change direct messages",
      ...changeDirect,
      ...fanOut,
    ],
    settings: settings.edit,
  },
  {
    key: "react",
    entry: "react",
    does: "sets or removes the sender's reaction to a message of a channel or a conversation, and notifies its users",
    timeoutSeconds: 25,
    routeResponse: true,
    needs: "reactions",
    grants: [
      ...frame,
      "read channels",
      "read mutes",
      "read reacted messages",
      "read reacted direct messages",
      "write reactions",
      "remove reactions",
      "record reactions",
      ...changeDirect,
      ...fanOut,
    ],
    settings: settings.react,
  },
  {
    key: "read",
    entry: "read",
    does: "stores how far the sender has read a channel or a conversation, and notifies the sender's other connections",
    timeoutSeconds: 10,
    routeResponse: true,
    needs: "unread counts",
    grants: [
      ...frame,
      "close expired",
      "read channels",
      "count direct messages",
      "write markers",
      "read users",
      "push",
    ],
    settings: settings.read,
  },
  {
    key: "unread",
    entry: "unread",
    does: "counts the sender's unread messages in channels and conversations",
    timeoutSeconds: 5,
    routeResponse: true,
    needs: "unread counts",
    grants: [
      ...frame,
      "close expired",
      "read channels",
      "read markers",
      "read conversation markers",
      "count messages",
      "count direct messages",
      "read receipts",
    ],
    settings: settings.unread,
  },
];

/** Functions that are invoked without API Gateway: by other functions, or by backends. A new one is a row here and a handler file. */
export const workers: readonly FunctionDefinition[] = [
  {
    entry: "fan-out",
    does: "delivers to parts of large channels, retries, sends the remaining notices, disconnects clients that do not read",
    timeoutSeconds: 60,
    grants: ["read connections", ...fanOut, "probe stalled", "close stalled"],
    settings: settings.fanOutWorker,
  },
  {
    entry: "publish",
    does: "sends messages of backends, in environments that enable it",
    // Less than the read timeout of AWS SDKs, which is 60 seconds by default.
    timeoutSeconds: 50,
    needs: "publish",
    grants: [
      "read connections",
      "read channels",
      "read addressed users",
      "read known addressees",
      "write addressed messages",
      "write addressed conversations",
      "claim published",
      "write published messages",
      ...fanOut,
    ],
    settings: settings.publish,
  },
];

/** Sends the events of an environment that has the setting `events`. Other functions invoke it asynchronously. */
export const eventSender: FunctionDefinition = {
  entry: "events",
  does: "sends events to the event bus, in environments with `events`, and finds mentioned users who have no connection",
  timeoutSeconds: 60,
  grants: ["put events", "read users", "read mentioned users"],
  settings: settings.events,
};

/** The Lambda authorizer of `$connect`, in environments that authenticate by token. */
export const authorizer: FunctionDefinition = {
  entry: "authorize",
  does: "accepts handshakes with a valid token, in environments that authenticate by token",
  timeoutSeconds: 10,
  grants: [],
  settings: settings.authorize,
};

/** The function of a chat-ops service. Each service has its own function, with a route, a role and a secret. */
export const chatOps: FunctionDefinition = {
  entry: "chat-ops",
  does: "manages the credential of one service, in environments that enable it",
  timeoutSeconds: 25,
  grants: [...frame, "close expired", "write ops messages", "invoke fan-out", "queue events"],
  settings: settings.chatOps,
};
