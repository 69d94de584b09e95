import type { SecretConfig } from "../terraform/secrets.ts";
import { SecretsManagerError } from "./errors.ts";
import { Secret, type Version } from "./secret.ts";

/** The versions of each secret, by its name. */
export type Kept = Readonly<Record<string, readonly Version[]>>;

/** Where versions are from one run to the next. */
export interface Keeping {
  read(): Kept;
  /** Done when it returns: a credential that is answered for must not be lost. */
  write(kept: Kept): void;
}

/** The secrets of a stack. */
export class Vault {
  readonly #secrets: readonly Secret[];
  readonly #keeping: Keeping | undefined;

  constructor(configs: readonly SecretConfig[], keeping?: Keeping) {
    const kept = keeping?.read() ?? {};
    this.#secrets = configs.map((config) => new Secret(config, kept[config.name]));
    this.#keeping = keeping;
  }

  /** By its name, or by its ARN. */
  find(secretId: string): Secret | undefined {
    return this.#secrets.find(({ config: { name, arn } }) => secretId === name || secretId === arn);
  }

  /** Throws where there is none. */
  get(secretId: string): Secret {
    const secret = this.find(secretId);
    if (secret) return secret;
    throw new SecretsManagerError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }

  save(): void {
    this.#keeping?.write(Object.fromEntries(this.#secrets.map(({ config, versions }) => [config.name, versions])));
  }
}
