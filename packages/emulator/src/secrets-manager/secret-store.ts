import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SecretConfig } from "../terraform/secrets.ts";
import { Secret, SecretsManagerError, type Version } from "./secret.ts";

/** The versions of each secret, by name. */
export type StoredVersions = Readonly<Record<string, readonly Version[]>>;

/** Stores versions between runs. */
export interface SecretPersistence {
  read(): StoredVersions;
  /** Synchronous, because an acknowledged credential must not be lost. */
  write(versions: StoredVersions): void;
}

/** The secrets of a stack. */
export class SecretStore {
  readonly #persistence: SecretPersistence | undefined;
  /** Of every secret so far, so that one that is removed from the stack and added again keeps its value. */
  readonly #versions: Map<string, readonly Version[]>;
  #secrets: readonly Secret[] = [];

  constructor(configs: readonly SecretConfig[], persistence?: SecretPersistence) {
    this.#persistence = persistence;
    this.#versions = new Map(Object.entries(persistence?.read() ?? {}));
    this.update(configs);
  }

  /** Follows a changed stack. A secret keeps its versions if its name stays the same. */
  update(configs: readonly SecretConfig[]): void {
    for (const { config, versions } of this.#secrets) this.#versions.set(config.name, versions);
    this.#secrets = configs.map((config) => new Secret(config, this.#versions.get(config.name)));
  }

  /** Finds a secret by its name or ARN. */
  find(secretId: string): Secret | undefined {
    return this.#secrets.find(({ config: { name, arn } }) => secretId === name || secretId === arn);
  }

  /** Throws if there is no such secret. */
  get(secretId: string): Secret {
    const secret = this.find(secretId);
    if (secret) return secret;
    throw new SecretsManagerError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }

  save(): void {
    this.#persistence?.write(Object.fromEntries(this.#secrets.map(({ config, versions }) => [config.name, versions])));
  }
}

/** Stores secrets in a file that only its owner can read. A rename makes each write atomic, even if the process dies. */
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

/** The error never contains the file's content. */
function read(path: string): StoredVersions {
  try {
    const stored = JSON.parse(readFileSync(path, "utf8"));
    if (!areVersions(stored)) throw new TypeError("The file has another form.");
    return stored;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`Cannot read the secrets in ${path}. Fix the file, or delete it and store the secrets again.`);
  }
}

const areVersions = (stored: unknown): stored is StoredVersions =>
  typeof stored === "object" && stored !== null && Object.values(stored).every(Array.isArray);
