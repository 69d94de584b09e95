import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SecretConfig } from "../terraform/secrets.ts";
import { SecretsManagerError } from "./errors.ts";
import { Secret, type Version } from "./secret.ts";

/** The versions of each secret, by its name. */
export type StoredVersions = Readonly<Record<string, readonly Version[]>>;

/** Where versions are from one run to the next. */
export interface SecretPersistence {
  read(): StoredVersions;
  /** Done when it returns: a credential that is answered for must not be lost. */
  write(versions: StoredVersions): void;
}

/** The secrets of a stack. */
export class SecretStore {
  readonly #secrets: readonly Secret[];
  readonly #persistence: SecretPersistence | undefined;

  constructor(configs: readonly SecretConfig[], persistence?: SecretPersistence) {
    const stored = persistence?.read() ?? {};
    this.#secrets = configs.map((config) => new Secret(config, stored[config.name]));
    this.#persistence = persistence;
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
    this.#persistence?.write(Object.fromEntries(this.#secrets.map(({ config, versions }) => [config.name, versions])));
  }
}

/** Keeps secrets in a folder, in a file that nobody but its owner may read. In one piece, whenever the process ends. */
export function persistIn(directory: string): SecretPersistence {
  const path = join(directory, "secrets.json");
  return {
    read: () => read(path),
    write(stored) {
      mkdirSync(directory, { recursive: true });
      writeFileSync(`${path}.new`, JSON.stringify(stored), { mode: 0o600, flush: true });
      renameSync(`${path}.new`, path);
    },
  };
}

/** Never quotes what is in the file. */
function read(path: string): StoredVersions {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`The secrets in ${path} cannot be read. Mend the file, or remove it and set the secrets again.`);
  }
}
