import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paginateScan } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { type Emulator, start } from "@serverless-chat/emulator";
import type { LogEntry } from "@serverless-chat/emulator/lambda/log";
import type { Bundle } from "../../../infra/bundle.ts";
import { secretName } from "../../../infra/names.ts";
import { secretsManagerAt } from "../../../scripts/secret/flags.ts";
import { ENABLED } from "../environments.ts";
import { AUDIENCE, startTestIssuer } from "../issuer.ts";
import { environment, synthesizedChat } from "../synthesized.ts";
import { tableOf } from "../table.ts";

/** The chat with every service enabled, on the emulator. */
export interface ChatOps {
  readonly chat: Emulator;
  readonly stackDirectory: string;
  /** All log entries, including requests that the emulator refused. */
  readonly logged: LogEntry[];
  tokenFor(user: string, ...groups: string[]): Promise<string>;
  /** Sets a service's secret, as an operator does. */
  set(service: string, credential: object): Promise<void>;
  /** The current value of a service's secret. */
  read(service: string): Promise<string>;
  /** All items in the table. */
  items(): Promise<Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

interface Own {
  readonly bundles?: ReadonlyMap<string, Bundle>;
  /** How long a confirmation code is valid. Default: the setting. */
  readonly confirmationSeconds?: number;
}

export async function startChatOps({ confirmationSeconds, ...own }: Own = {}): Promise<ChatOps> {
  const issuer = await startTestIssuer("ES256");
  const authentication = { kind: "jwt", issuer: issuer.url, audience: AUDIENCE } as const;
  const stackDirectory = synthesizedChat({ ...own, environment: { ...ENABLED, authentication } });
  if (confirmationSeconds !== undefined) hurry(join(stackDirectory, "cdk.tf.json"), confirmationSeconds);
  const logged: LogEntry[] = [];
  const chat = await start({ stackDirectory, log: (entry) => void logged.push(entry) });
  const secrets = secretsManagerAt({ region: environment.region, endpoint: chat.endpointUrl });
  const table = tableOf(chat);
  return {
    chat,
    stackDirectory,
    logged,
    tokenFor: (sub, ...groups) => issuer.token({ claims: { sub, groups } }),
    async set(service, credential) {
      const SecretString = JSON.stringify(credential);
      await secrets.send(new PutSecretValueCommand({ SecretId: secretName(environment, service), SecretString }));
    },
    async read(service) {
      const command = new GetSecretValueCommand({ SecretId: secretName(environment, service) });
      return (await secrets.send(command)).SecretString as string;
    },
    async items() {
      const found = [];
      for await (const { Items = [] } of paginateScan({ client: table.client }, { TableName: table.name })) {
        found.push(...Items.map((item) => unmarshall(item)));
      }
      return found;
    },
    async stop() {
      secrets.destroy();
      table.client.destroy();
      await chat.stop();
      await issuer.stop();
    },
  };
}

/** The setting is in minutes, which is too long for a test. */
function hurry(path: string, seconds: number): void {
  const terraform = readFileSync(path, "utf8");
  writeFileSync(path, terraform.replaceAll(/confirmationSeconds\\":\d+/g, `confirmationSeconds\\":${seconds}`));
}
