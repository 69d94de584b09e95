import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import type { Published } from "../../chat/protocol/publishing.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { checkEndpoint, chooseEnvironment } from "../run-command.ts";

export const HELP = `Sends a message to a channel or a user, as a backend does. Prints the id of the message.

  npm run say -- --channel CHANNEL [flags] TEXT
  npm run say -- --user USER [flags] TEXT

  --from NAME         the name of the sender (publisher)
  --id ID             a repetition with the same id is sent once within ten minutes (a random id)
  --environment NAME  the environment (the first one with publish)
  --endpoint URL      the address that npm start prints as Services (AWS)
  --help              this text`;

export type SayFlags =
  | { readonly help: true }
  | {
      readonly help: false;
      readonly environment: Environment;
      readonly message: Published;
      readonly endpoint: string | undefined;
    };

const text = { type: "string" } as const;
const OPTIONS = {
  ...{ channel: text, user: text, from: text, id: text, environment: text, endpoint: text },
  help: { type: "boolean" },
} as const;

/** Throws if the flags are invalid, or the environment has no `publish`. The function checks the message itself. */
export function readSayFlags(args: readonly string[], environments: readonly Environment[]): SayFlags {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { help, environment, endpoint, id = randomUUID(), ...target } = values;
  if (help) return { help: true };
  checkEndpoint(endpoint);
  const [data, ...others] = positionals;
  if (data === undefined || others.length > 0) {
    const received = data === undefined ? "no text" : `${positionals.length} texts`;
    throw new Error(`The command has ${received}; it needs one. Put the text in quotation marks.`);
  }
  if ((target.channel === undefined) === (target.user === undefined)) {
    throw new Error("The command needs either --channel or --user, such as --channel ops.");
  }
  return {
    help: false,
    environment: chooseEnabled(environment, environments),
    message: { ...target, data, id },
    endpoint,
  };
}

function chooseEnabled(name: string | undefined, environments: readonly Environment[]): Environment {
  const found =
    name === undefined ? environments.find(({ publish }) => publish) : chooseEnvironment(name, environments);
  if (found?.publish) return found;
  const where = name === undefined ? "No environment has" : `The environment "${name}" does not have`;
  throw new Error(`${where} the setting publish. Add it in infra/environments.ts and deploy: see docs/publish.md.`);
}
