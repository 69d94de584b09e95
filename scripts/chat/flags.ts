import { parseArgs } from "node:util";
import { CHANNEL_NAME, LOBBY } from "@serverless-chat/client";
import { isName, NAME_RULE } from "../../chat/user.ts";

export interface ChatFlags {
  readonly help: boolean;
  readonly url: string;
  readonly user: string | undefined;
  /** Whether the chat keeps the channels of its users. */
  readonly lasting: boolean;
  /** The first one is written to. */
  readonly channels: readonly [string, ...string[]];
}

/** For `--help`. */
export const CHAT_FLAGS_HELP = `  --user NAME        your name (a generated guest name)
  --channel NAME     a channel to join; repeat it for more; the first one is written to (lobby)
  --lasting          also read your lasting channels, in a chat with lastingMembership
  --help             show this text`;

const OPTIONS = {
  user: { type: "string" },
  channel: { type: "string", multiple: true },
  lasting: { type: "boolean" },
  help: { type: "boolean" },
} as const;

const ALLOWED = "a URL, --user NAME, --channel NAME, --lasting and --help";

/** Reads a command line. Throws an error that names what is allowed if it is invalid. */
export function readFlags(args: readonly string[], defaultUrl: string): ChatFlags {
  const { values, positionals } = parse(args);
  const [url = defaultUrl, ...others] = positionals;
  if (others.length > 0) {
    throw new Error(`The command line has ${positionals.length} URLs; pass one. Allowed are ${ALLOWED}.`);
  }
  const [first = LOBBY, ...rest] = (values.channel ?? []).map(readChannel);
  return {
    help: values.help === true,
    url: readUrl(url),
    user: readUser(values.user),
    lasting: values.lasting === true,
    channels: [first, ...rest],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (fault) {
    // The rest of Node's message is about positional arguments that begin with a hyphen.
    const [sentence = ""] = (fault as Error).message.split(/\. |\n/);
    throw new Error(`${sentence}. Allowed are ${ALLOWED}.`, { cause: fault });
  }
}

function readUrl(text: string): string {
  if (/^wss?:\/\/./.test(text) && URL.canParse(text)) return text;
  throw new Error(`The URL is "${text}"; it must begin with wss:// or ws://, such as wss://a1b2c3.example.com/dev.`);
}

function readUser(text: string | undefined): string | undefined {
  if (text === undefined || isName(text)) return text;
  throw new Error(`--user is "${text}"; ${NAME_RULE}.`);
}

function readChannel(text: string): string {
  if (CHANNEL_NAME.test(text)) return text;
  throw new Error(`--channel is "${text}"; it must have 1 to 64 lowercase letters, digits and hyphens, such as ops.`);
}
