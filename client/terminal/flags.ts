import { parseArgs } from "node:util";
import { CHANNEL_NAME, LOBBY } from "../../chat/channel.ts";
import { isName, NAME_RULE } from "../../chat/user.ts";

/** What the command line asks for. */
export interface ChatFlags {
  readonly help: boolean;
  readonly url: string;
  readonly user: string | undefined;
  /** At least one: the first is spoken in. */
  readonly channels: readonly [string, ...string[]];
}

/** For `--help`. */
export const CHAT_FLAGS_HELP = `  --user NAME        a name that nobody else has (a guest's)
  --channel NAME     a channel to be in; again for more, the first is spoken in (lobby)
  --help             this text`;

const OPTIONS = {
  user: { type: "string" },
  channel: { type: "string", multiple: true },
  help: { type: "boolean" },
} as const;

const ALLOWED = "a URL, --user NAME, --channel NAME and --help";

/** Reads a command line. Throws, with what is allowed, at anything else. */
export function readFlags(args: readonly string[], ownUrl: string): ChatFlags {
  const { values, positionals } = parse(args);
  const [url = ownUrl, ...others] = positionals;
  if (others.length > 0) throw new Error(`There are ${positionals.length} URLs; give one. Allowed are ${ALLOWED}.`);
  const [first = LOBBY, ...rest] = (values.channel ?? []).map(readChannel);
  return { help: values.help === true, url: readUrl(url), user: readUser(values.user), channels: [first, ...rest] };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (fault) {
    // The rest of what Node says is about texts that begin with a dash.
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
  throw new Error(`--channel is "${text}"; it must be 1 to 64 lower-case letters, digits and dashes, such as ops.`);
}
