import { parseArgs } from "node:util";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import * as v from "valibot";
import { jsonOf } from "../../chat/protocol/frames.ts";
import type { Service } from "../../chatops/service.ts";
import { services } from "../../chatops/services.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { chooseEnvironment } from "../run-command.ts";

export const HELP = `Sets the secret of a chat-ops service from standard input. It is not printed.

  npm run secret -- SERVICE [flags] < FILE

  SERVICE             ${services.map(({ key }) => key).join(", ")}
  FILE                a JSON object with the fields listed in docs/chatops.md. Delete it afterwards
  --environment NAME  the environment (the first one with chatOps)
  --endpoint URL      the address that npm start prints as Services (AWS)
  --help              this text`;

export type SecretFlags =
  | { readonly help: true }
  | {
      readonly help: false;
      readonly service: Service;
      readonly environment: Environment;
      readonly endpoint: string | undefined;
      /** How to pass the secret, for error messages. */
      readonly remedy: string;
    };

const OPTIONS = { environment: { type: "string" }, endpoint: { type: "string" }, help: { type: "boolean" } } as const;

/** An error names what is allowed. It never repeats an argument, which can be a secret. */
export function readSecretFlags(args: readonly string[], environments: readonly Environment[]): SecretFlags {
  const { values, positionals } = parse(args);
  if (values.help) return { help: true };
  const [key, ...others] = positionals;
  const service = services.find((each) => each.key === key);
  const keys = services.map((each) => each.key).join(", ");
  if (!service || others.length > 0) {
    throw new Error(
      `The first argument must be one of ${keys}, and the only one. Other users can see the arguments of a command. ${remedyFor("SERVICE")}`,
    );
  }
  const environment = chooseEnabled(environments, { name: values.environment, service });
  return { help: false, service, environment, endpoint: readUrl(values.endpoint), remedy: remedyFor(service.key) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch {
    throw new Error("Unknown flag. Allowed are --environment, --endpoint and --help.");
  }
}

const remedyFor = (key: string): string => `Pass the secret on standard input: npm run secret -- ${key} < FILE.`;

interface EnvironmentQuery {
  readonly name: string | undefined;
  readonly service: Service;
}

function chooseEnabled(environments: readonly Environment[], { name, service }: EnvironmentQuery): Environment {
  const found =
    name === undefined ? environments.find(({ chatOps }) => chatOps) : chooseEnvironment(name, environments);
  const isEnabled = Object.hasOwn(found?.chatOps?.services ?? {}, service.key);
  if (found && isEnabled) return found;
  const where = name === undefined ? "No environment has" : `The environment "${name}" has not`;
  throw new Error(
    `${where} enabled the service ${service.key}. Enable it with chatOps in infra/environments.ts and deploy: see docs/chatops.md.`,
  );
}

function readUrl(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\/(127\.0\.0\.1|localhost)[:/]/.test(text)) return text;
  throw new Error(`--endpoint is "${text}"; it must be an address on this machine, such as http://127.0.0.1:40001.`);
}

/** Returns a credential in the form in which it is stored. An error for an invalid one contains no part of its value. */
export function readCredential({ title, key, credential }: Service, text: string): string {
  const json = jsonOf(text);
  const read = v.safeParse(credential, json);
  if (read.success) return JSON.stringify(json);
  const fields = [...new Set(read.issues.map((issue) => v.getDotPath(issue)))].filter(Boolean);
  const wrong = fields.length > 0 ? `wrong or missing: ${fields.join(", ")}` : "it is not a JSON object";
  throw new Error(
    `The input is not a credential of ${title}; ${wrong}. For the fields of "${key}", see docs/chatops.md#enable-a-service.`,
  );
}

/** A client for a region, or for the endpoint of a running `npm start`. */
export const secretsManagerAt = (place: { readonly region: string; readonly endpoint: string | undefined }) =>
  new SecretsManagerClient({
    region: place.region,
    ...(place.endpoint !== undefined && { endpoint: place.endpoint, credentials: localCredentials() }),
  });
