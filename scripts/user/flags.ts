import { createHash } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isUser } from "../../chat/user.ts";
import { stackName } from "../../infra/names.ts";
import { hasUsers } from "../../infra/settings/authentication.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { checkEndpoint, chooseEnvironment } from "../run-command.ts";
import type { Subject } from "./relations.ts";

export const HELP = `Exports or erases everything that is stored about a user, and the user's messages.

  npm run user -- export USER [flags]
  npm run user -- erase USER [flags]

  --name NAME         instead of USER, in an environment that does not authenticate users
  --environment NAME  the environment (the first)
  --endpoint URL      the address that npm start prints as Services (AWS)
  --folder FOLDER     the folder of the export, and of the progress (user-data)
  --segments N        parts of the table that are read at the same time, 1 to 64 (1)
  --write-units N     erase: the most write units that are used in a second, 1 to 40000 (500)
  --resume            continues an interrupted run
  --dry-run           erase: only counts what would be erased
  --while-connected   erase: also if the user is connected
  --help              this text`;

const COMMANDS = ["export", "erase"] as const;
type Command = (typeof COMMANDS)[number];

export interface UserFlags {
  readonly help: false;
  readonly command: Command;
  readonly subject: Subject;
  readonly environment: Environment;
  readonly endpoint: string | undefined;
  readonly segments: number;
  /** Of an erasure, in a second. */
  readonly writeUnits: number;
  readonly folder: string;
  readonly resume: boolean;
  readonly dryRun: boolean;
  readonly whileConnected: boolean;
}

const text = { type: "string" } as const;
const onOrOff = { type: "boolean", default: false } as const;
const OPTIONS = {
  ...{ name: text, environment: text, endpoint: text },
  ...{ folder: { ...text, default: "user-data" }, segments: { ...text, default: "1" }, "write-units": text },
  ...{ resume: onOrOff, "dry-run": onOrOff, "while-connected": onOrOff, help: onOrOff },
} as const;

/** Throws if the flags are invalid, or if the environment identifies users in another way. */
export function readUserFlags(
  args: readonly string[],
  environments: readonly Environment[],
): UserFlags | { readonly help: true } {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help) return { help: true };
  const [command, user, ...others] = positionals;
  if (!isCommand(command) || others.length > 0) {
    throw new Error("The command must be export or erase, and then one user: npm run user -- export anna. See --help.");
  }
  const { "dry-run": dryRun, "while-connected": whileConnected } = values;
  if (command === "export" && (dryRun || whileConnected || values["write-units"] !== undefined)) {
    throw new Error(
      "--dry-run, --while-connected and --write-units are flags of erase. An export changes nothing: leave them out.",
    );
  }
  const environment = chooseEnvironment(values.environment, environments);
  const subject = subjectOf({ command, user, name: values.name }, environment);
  const { endpoint, folder, resume } = values;
  checkEndpoint(endpoint);
  const segments = wholeNumber("--segments", values.segments, SEGMENTS_MAX);
  const writeUnits = wholeNumber("--write-units", values["write-units"] ?? WRITE_UNITS, WRITE_UNITS_MAX);
  const run = { command, subject, environment, endpoint, segments, writeUnits, folder, resume, dryRun, whileConnected };
  return { help: false, ...run };
}

const isCommand = (command: string | undefined): command is Command => COMMANDS.some((each) => each === command);

interface Named {
  readonly command: Command;
  readonly user: string | undefined;
  readonly name: string | undefined;
}

function subjectOf({ command, user, name }: Named, environment: Environment): Subject {
  const isAuthenticated = hasUsers(environment.authentication);
  const where = `The environment "${environment.name}"`;
  if (isAuthenticated && name !== undefined) {
    throw new Error(
      `${where} authenticates users. Pass the id of the user without --name: npm run user -- ${command} ID.`,
    );
  }
  if (!isAuthenticated && user !== undefined) {
    throw new Error(
      `${where} does not authenticate users, so several people may have used the name "${user}". To ${command} all messages that were sent under this name, pass --name "${user}" instead of the user.`,
    );
  }
  const subject = user ?? name;
  if (subject !== undefined && isUser(subject)) return { user: subject, isAuthenticated };
  throw new Error(
    subject === undefined
      ? `The command needs a user: npm run user -- ${command} ${isAuthenticated ? "anna" : "--name anna"}.`
      : `"${subject}" cannot be a user of the chat. Copy the id from the field "from" of a message.`,
  );
}

const SEGMENTS_MAX = 64;

/** Half of what a partition accepts, because a channel is a partition: the chat keeps the other half. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const WRITE_UNITS = "500";

/** The default quota of a table. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const WRITE_UNITS_MAX = 40_000;

function wholeNumber(flag: string, value: string, max: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= max) return number;
  throw new Error(`${flag} is "${value}"; it must be a whole number from 1 to ${max}.`);
}

/** Longer names of files may not be allowed. */
const FILE_CHARACTERS_MAX = 100;

/** The files of a run, in its folder. The id of a user can have any characters. */
export function filesOf({ folder, command, environment, subject: { user }, dryRun }: UserFlags) {
  const encoded = encodeURIComponent(user).replaceAll("*", "%2A");
  const isLong = encoded.length > FILE_CHARACTERS_MAX;
  const name = `${stackName(environment)}-${isLong ? createHash("sha256").update(user).digest("hex") : encoded}`;
  return {
    output: command === "export" ? join(folder, `${name}.jsonl`) : undefined,
    progress: join(folder, `${name}.${command}${dryRun ? "-dry-run" : ""}.progress.json`),
  };
}
