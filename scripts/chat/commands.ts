import type { ClientFrame } from "@serverless-chat/client";
import { addressed, reactionIn, unquoted } from "./parameters.ts";

/** A request, as the frame that the protocol has for it. */
export type Request = Exclude<ClientFrame, { message: "typing" }>;

/** What a line of input means. */
export type Input =
  | { readonly kind: "request"; readonly request: Request }
  | { readonly kind: "help" | "quit" | "nothing" }
  /** Deletes the last message of a user in a channel. */
  | { readonly kind: "delete"; readonly channel: string; readonly user: string }
  /** Replaces the text of the user's own last message in a channel. */
  | { readonly kind: "edit"; readonly channel: string; readonly data: string }
  /** Replies to the last message of a user in a channel. */
  | { readonly kind: "reply"; readonly channel: string; readonly user: string; readonly data: string }
  /** Marks the messages that were shown in a channel, or the direct messages with a user, as read. */
  | { readonly kind: "read"; readonly channel: string }
  | { readonly kind: "read"; readonly direct: string }
  /** Reacts to the last message of a user in a channel. Null removes the reaction. */
  | { readonly kind: "react"; readonly channel: string; readonly user: string; readonly emoji: string | null }
  /** Changes the last direct message to a user, or answers the last one of that user. */
  | { readonly kind: "direct"; readonly user: string; readonly action: DirectAction }
  /** `detail` is an error message for the user. */
  | { readonly kind: "mistake"; readonly detail: string };

export type DirectAction =
  | { readonly do: "edit" | "reply"; readonly data: string }
  | { readonly do: "delete" }
  | { readonly do: "react"; readonly emoji: string | null };

interface Command {
  readonly parameters: string;
  readonly help: string;
  /** Undefined if the parameters are invalid. `current` is the channel that is written to, if there is one. */
  readonly parse: (parameters: string, current: string | undefined) => Input | undefined;
}

/** A request with a parameter that is required. */
const withParameter = (parameter: string | undefined, request: (parameter: string) => Request): Input | undefined =>
  parameter ? { kind: "request", request: request(parameter) } : undefined;

const withoutParameters = (parameters: string, input: Input): Input | undefined => (parameters ? undefined : input);

const ADDRESSED = 'NAME TEXT, or "A NAME" TEXT';

const COMMANDS: Readonly<Record<string, Command>> = {
  join: {
    parameters: "CHANNEL",
    help: "join a channel and write to it",
    parse: (parameter) => withParameter(parameter, (channel) => ({ message: "join", channel })),
  },
  private: {
    parameters: "CHANNEL",
    help: "create a private channel and write to it",
    parse: (parameter) => withParameter(parameter, (channel) => ({ message: "join", channel, private: true })),
  },
  invite: { parameters: "USER", help: "invite a user to the current private channel", parse: invitation(false) },
  revoke: { parameters: "USER", help: "revoke the invitation and remove the user", parse: invitation(true) },
  leave: {
    parameters: "[CHANNEL]",
    help: "leave a channel (the current one)",
    parse: (parameter, current) => withParameter(parameter || current, (channel) => ({ message: "leave", channel })),
  },
  members: {
    parameters: "[CHANNEL]",
    help: "list the members of a channel",
    parse: (parameter, current) => withParameter(parameter || current, (channel) => ({ message: "members", channel })),
  },
  channels: {
    parameters: "",
    help: "list the channels",
    parse: (parameters) => withoutParameters(parameters, { kind: "request", request: { message: "channels" } }),
  },
  name: {
    parameters: "NAME",
    help: "change your name",
    parse: (parameter) => withParameter(parameter, (data) => ({ message: "name", data })),
  },
  msg: { parameters: ADDRESSED, help: "send a message to one user only", parse: direct },
  "msg-edit": {
    parameters: ADDRESSED,
    help: "replace the text of your last direct message to a user",
    parse: (parameters) => directText("edit", parameters),
  },
  "msg-delete": {
    parameters: "USER",
    help: "delete your last direct message to a user",
    parse: (user) => (user ? { kind: "direct", user: unquoted(user), action: { do: "delete" } } : undefined),
  },
  "msg-reply": {
    parameters: ADDRESSED,
    help: "reply to the last direct message of a user",
    parse: (parameters) => directText("reply", parameters),
  },
  "msg-react": {
    parameters: "USER [EMOJI]",
    help: "react to the last direct message of a user, or remove your reaction",
    parse(parameters) {
      const { user, emoji } = reactionIn(parameters);
      return user ? { kind: "direct", user, action: { do: "react", emoji } } : undefined;
    },
  },
  reply: { parameters: ADDRESSED, help: "reply to the last message of a user in this channel", parse: reply },
  direct: {
    parameters: "[NAME]",
    help: "show the last 50 direct messages with a user, or list the users",
    parse: (direct) => ({
      kind: "request",
      request:
        direct === "" ? { message: "conversations" } : { message: "history", direct: unquoted(direct), limit: 50 },
    }),
  },
  react: {
    parameters: "USER [EMOJI]",
    help: "react to the last message of a user in this channel, or remove your reaction",
    parse: react,
  },
  history: {
    parameters: "[CHANNEL]",
    help: "show the last 50 messages",
    parse: (parameter, current) =>
      withParameter(parameter || current, (channel) => ({ message: "history", channel, limit: 50 })),
  },
  unread: {
    parameters: "",
    help: "count the unread messages of your channels and conversations",
    parse: (parameters) => withoutParameters(parameters, { kind: "request", request: { message: "unread" } }),
  },
  read: {
    parameters: "[USER]",
    help: "mark the messages of this channel, or of a user, as read",
    parse(direct, current) {
      if (direct) return { kind: "read", direct: unquoted(direct) };
      return current === undefined ? undefined : { kind: "read", channel: current };
    },
  },
  kick: {
    parameters: "USER",
    help: "close all connections of a user",
    parse: (parameter) => withParameter(unquoted(parameter), (user) => ({ message: "kick", user })),
  },
  ban: {
    parameters: "USER",
    help: "close all connections of a user and refuse new ones",
    parse: (parameter) => withParameter(unquoted(parameter), (user) => ({ message: "ban", user })),
  },
  unban: {
    parameters: "USER",
    help: "lift a ban",
    parse: (parameter) => withParameter(unquoted(parameter), (user) => ({ message: "unban", user })),
  },
  mute: { parameters: "USER MINUTES", help: "stop a user from sending to this channel; 0 ends it", parse: mute },
  delete: {
    parameters: "USER",
    help: "delete the last message of a user in this channel",
    parse: (user, current) =>
      user && current ? { kind: "delete", channel: current, user: unquoted(user) } : undefined,
  },
  edit: {
    parameters: "TEXT",
    help: "replace the text of your last message in this channel",
    parse: (data, current) => (data && current ? { kind: "edit", channel: current, data } : undefined),
  },
  help: {
    parameters: "",
    help: "show this text",
    parse: (parameters) => withoutParameters(parameters, { kind: "help" }),
  },
  quit: {
    parameters: "",
    help: "quit; Ctrl-C and Ctrl-D also quit",
    parse: (parameters) => withoutParameters(parameters, { kind: "quit" }),
  },
};

function direct(parameters: string): Input | undefined {
  const { user, text } = addressed(parameters);
  return withParameter(text, (data) => ({ message: "direct", to: user, data }));
}

function directText(action: "edit" | "reply", parameters: string): Input | undefined {
  const { user, text: data } = addressed(parameters);
  return data ? { kind: "direct", user, action: { do: action, data } } : undefined;
}

function reply(parameters: string, channel: string | undefined): Input | undefined {
  const { user, text: data } = addressed(parameters);
  return data && channel ? { kind: "reply", channel, user, data } : undefined;
}

function react(parameters: string, channel: string | undefined): Input | undefined {
  const { user, emoji } = reactionIn(parameters);
  return user && channel ? { kind: "react", channel, user, emoji } : undefined;
}

function invitation(revoke: boolean): Command["parse"] {
  return (parameter, current) =>
    current === undefined
      ? undefined
      : withParameter(unquoted(parameter), (user) => ({
          ...({ message: "invite", channel: current, user } as const),
          ...(revoke && { revoke }),
        }));
}

function mute(parameters: string, current: string | undefined): Input | undefined {
  const [, name = "", minutes] = /^(.+?)\s+(\d{1,5})$/s.exec(parameters) ?? [];
  if (current === undefined) return undefined;
  return withParameter(unquoted(name), (user) => ({
    message: "mute",
    channel: current,
    user,
    seconds: Number(minutes) * 60,
  }));
}

/** With the slash. */
export const commandNames: readonly string[] = Object.keys(COMMANDS).map((name) => `/${name}`);

/** The lines of `/help`. */
export const COMMANDS_HELP: readonly string[] = [
  ...Object.entries(COMMANDS).map(([name, { parameters, help }]) => `${`/${name} ${parameters}`.padEnd(36)} ${help}`),
  `${"anything else".padEnd(36)} is sent to the channel; //text sends /text; @NAME mentions a member (of the first 500)`,
];

/** Parses a line. `current` is the channel that is written to, if there is one. */
export function readLine(line: string, current: string | undefined): Input {
  if (line.trim() === "") return { kind: "nothing" };
  if (line.startsWith("/") && !line.startsWith("//")) return readCommand(line, current);
  if (current === undefined) return { kind: "mistake", detail: "You are not in a channel. Join one: /join lobby." };
  const data = line.startsWith("//") ? line.slice(1) : line;
  return { kind: "request", request: { message: "sendmessage", channel: current, data } };
}

function readCommand(line: string, current: string | undefined): Input {
  const [, name = "", parameters = ""] = /^\/(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    return { kind: "mistake", detail: `There is no command "/${name}". Try ${commandNames.join(", ")}.` };
  }
  const usage = command.parameters ? `Usage: /${name} ${command.parameters}` : `"/${name}" has no parameters.`;
  return command.parse(parameters, current) ?? { kind: "mistake", detail: usage };
}
