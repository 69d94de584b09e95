import type { Request } from "../frames.ts";

/** What a line that somebody typed asks for. */
export type Wish =
  | { readonly kind: "ask"; readonly request: Request }
  | { readonly kind: "help" | "quit" | "nothing" }
  /** Of what the user said last there: who shows it knows which that is. */
  | { readonly kind: "delete"; readonly channel: string; readonly user: string }
  /** What is wrong with it, for a person. */
  | { readonly kind: "mistake"; readonly detail: string };

interface Command {
  /** What follows the command. */
  readonly takes: string;
  readonly does: string;
  /** Undefined when what follows is not what it takes. `here` is the channel that is spoken in, where there is one. */
  readonly wish: (rest: string, here: string | undefined) => Wish | undefined;
}

/** Of what has to be given. */
const ask = (given: string | undefined, request: (given: string) => Request): Wish | undefined =>
  given ? { kind: "ask", request: request(given) } : undefined;

/** Of what takes nothing. */
const alone = (rest: string, wish: Wish): Wish | undefined => (rest ? undefined : wish);

const COMMANDS: Readonly<Record<string, Command>> = {
  join: {
    takes: "CHANNEL",
    does: "join a channel, and speak in it from now on",
    wish: (rest) => ask(rest, (channel) => ({ message: "join", channel })),
  },
  private: {
    takes: "CHANNEL",
    does: "the same, for you and whom you invite",
    wish: (rest) => ask(rest, (channel) => ({ message: "join", channel, private: true })),
  },
  invite: { takes: "USER", does: "let a user join the private channel you speak in", wish: invitation(false) },
  revoke: { takes: "USER", does: "take that back, and the user out", wish: invitation(true) },
  leave: {
    takes: "[CHANNEL]",
    does: "leave a channel, or the one you speak in",
    wish: (rest, here) => ask(rest || here, (channel) => ({ message: "leave", channel })),
  },
  members: {
    takes: "[CHANNEL]",
    does: "who is there",
    wish: (rest, here) => ask(rest || here, (channel) => ({ message: "members", channel })),
  },
  channels: {
    takes: "",
    does: "which channels there are",
    wish: (rest) => alone(rest, { kind: "ask", request: { message: "channels" } }),
  },
  name: {
    takes: "NAME",
    does: "take another name",
    wish: (rest) => ask(rest, (data) => ({ message: "name", data })),
  },
  msg: { takes: 'NAME TEXT, or "A NAME" TEXT', does: "say something to one user alone", wish: direct },
  history: {
    takes: "[CHANNEL]",
    does: "the last 50 messages",
    wish: (rest, here) => ask(rest || here, (channel) => ({ message: "history", channel, limit: 50 })),
  },
  kick: {
    takes: "USER",
    does: "close all connections of a user",
    wish: (rest) => ask(rest, (user) => ({ message: "kick", user })),
  },
  ban: {
    takes: "USER",
    does: "the same, and refuse new ones",
    wish: (rest) => ask(rest, (user) => ({ message: "ban", user })),
  },
  unban: {
    takes: "USER",
    does: "end a ban",
    wish: (rest) => ask(rest, (user) => ({ message: "unban", user })),
  },
  mute: { takes: "USER MINUTES", does: "stop a user from sending here; 0 ends it", wish: mute },
  delete: {
    takes: "USER",
    does: "delete what a user said last here",
    wish: (rest, here) => (rest && here ? { kind: "delete", channel: here, user: rest } : undefined),
  },
  help: { takes: "", does: "this text", wish: (rest) => alone(rest, { kind: "help" }) },
  quit: { takes: "", does: "leave; so do Ctrl-C and Ctrl-D", wish: (rest) => alone(rest, { kind: "quit" }) },
};

function direct(rest: string): Wish | undefined {
  const [, quoted, plain = "", text] = /^(?:"([^"]+)"|(\S+))\s+(.+)$/s.exec(rest) ?? [];
  return ask(text, (data) => ({ message: "direct", to: quoted ?? plain, data }));
}

/** To the channel that is spoken in; the chat says whether it is a private one. */
function invitation(revoke: boolean): Command["wish"] {
  return (rest, here) =>
    here === undefined
      ? undefined
      : ask(rest, (user) => ({ message: "invite", channel: here, user, ...(revoke && { revoke }) }));
}

function mute(rest: string, here: string | undefined): Wish | undefined {
  const [, user, minutes] = /^(.+?)\s+(\d{1,5})$/s.exec(rest) ?? [];
  if (here === undefined) return undefined;
  return ask(user, (user) => ({ message: "mute", channel: here, user, seconds: Number(minutes) * 60 }));
}

/** With their slash. */
export const commandNames: readonly string[] = Object.keys(COMMANDS).map((name) => `/${name}`);

/** For `/help`. */
export const COMMANDS_HELP: readonly string[] = [
  ...Object.entries(COMMANDS).map(([name, { takes, does }]) => `${`/${name} ${takes}`.padEnd(36)} ${does}`),
  `${"anything else".padEnd(36)} is said in the channel; //text says /text`,
];

/** What a line wishes, from somebody who speaks in a channel, or in none. */
export function readLine(line: string, here: string | undefined): Wish {
  if (line.trim() === "") return { kind: "nothing" };
  if (line.startsWith("/") && !line.startsWith("//")) return readCommand(line, here);
  if (here === undefined) return { kind: "mistake", detail: "You are in no channel. Try /join lobby." };
  const data = line.startsWith("//") ? line.slice(1) : line;
  return { kind: "ask", request: { message: "sendmessage", channel: here, data } };
}

function readCommand(line: string, here: string | undefined): Wish {
  const [, name = "", rest = ""] = /^\/(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    return { kind: "mistake", detail: `There is no command "/${name}". Try ${commandNames.join(", ")}.` };
  }
  return command.wish(rest, here) ?? { kind: "mistake", detail: `"/${name}" takes ${command.takes || "nothing"}.` };
}
