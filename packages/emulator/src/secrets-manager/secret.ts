import type { SecretConfig } from "../terraform/secrets.ts";

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html, and the errors of each operation. */
export type ErrorType =
  | "InvalidParameterException"
  | "InvalidRequestException"
  | "ResourceExistsException"
  | "ResourceNotFoundException"
  | "SerializationException"
  | "UnknownOperationException";

/** An error of Secrets Manager. Its message never contains the value of a secret. */
export class SecretsManagerError extends Error {
  readonly type: ErrorType;

  constructor(type: ErrorType, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}

/** The value of a version: text, or Base64. */
export type SecretValue = { readonly SecretString: string } | { readonly SecretBinary: string };

/** A version of a secret. Its value never changes, but its labels can move. It is plain data, and stored as JSON. */
export interface Version {
  readonly id: string;
  readonly value: SecretValue;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly stages: readonly string[];
}

export const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";

/** The maximum number of versions without a label. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const DEPRECATED_VERSIONS_MAX = 100;

/** Version ids between which a label moves. */
interface Move {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

interface LabelLocation extends Pick<Move, "from"> {
  /** The version that has the label. */
  readonly holder: string | undefined;
}

/** A secret with its versions and their staging labels. A label is on at most one version. */
export class Secret {
  readonly config: SecretConfig;
  #versions: readonly Version[];

  constructor(config: SecretConfig, versions: readonly Version[] = []) {
    this.config = config;
    this.#versions = versions;
  }

  /** Oldest first. */
  get versions(): readonly Version[] {
    return this.#versions;
  }

  version(id: string): Version | undefined {
    return this.#versions.find((version) => version.id === id);
  }

  labeled(stage: string): Version | undefined {
    return this.#versions.find(({ stages }) => stages.includes(stage));
  }

  /**
   * Adds a version, and moves its labels from other versions. The first version of a secret always becomes current.
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
   */
  add(version: Version): void {
    const stages = this.#versions.length === 0 ? [...new Set([...version.stages, CURRENT])] : version.stages;
    this.#versions = [...this.#versions, { ...version, stages: [] }];
    for (const stage of stages) this.#put(stage, version.id);
    this.#dropDeprecated();
  }

  /**
   * Moves or removes a label. A version that loses AWSCURRENT gets AWSPREVIOUS.
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
   */
  move(stage: string, { from, to }: Move): void {
    const problem = this.#moveProblem(stage, { from, to });
    if (problem !== undefined) throw new SecretsManagerError("InvalidParameterException", problem);
    if (to !== undefined) this.#put(stage, to);
    else this.#take(stage);
  }

  #moveProblem(stage: string, { from, to }: Move): string | undefined {
    const unknown = [from, to].find((id) => id !== undefined && !this.version(id));
    if (unknown !== undefined) return `Not a valid version: ${unknown}`;
    const holder = this.labeled(stage)?.id;
    const isFound = holder === undefined ? from === undefined : [from, to].includes(holder);
    if (!isFound) return mismatch(stage, { holder, from });
    return to === undefined && stage === CURRENT ? STAYS_CURRENT : undefined;
  }

  #put(stage: string, id: string): void {
    const holder = this.labeled(stage);
    if (holder?.id === id) return;
    this.#take(stage);
    this.#change(id, (stages) => [...stages, stage]);
    if (stage === CURRENT && holder) this.#put(PREVIOUS, holder.id);
  }

  #take(stage: string): void {
    const holder = this.labeled(stage);
    if (holder) this.#change(holder.id, (stages) => stages.filter((each) => each !== stage));
  }

  #change(id: string, change: (stages: readonly string[]) => readonly string[]): void {
    this.#versions = this.#versions.map((version) =>
      version.id === id ? { ...version, stages: change(version.stages) } : version,
    );
  }

  #dropDeprecated(): void {
    const deprecated = this.#versions.filter(({ stages }) => stages.length === 0);
    const dropped = deprecated.slice(0, Math.max(0, deprecated.length - DEPRECATED_VERSIONS_MAX));
    this.#versions = this.#versions.filter((version) => !dropped.includes(version));
  }
}

const STAYS_CURRENT = `You can only move staging label ${CURRENT} to a different secret version. It can't be completely removed.`;

/** The label is on another version than the request specifies, or on none. */
function mismatch(stage: string, { holder, from }: LabelLocation): string {
  if (holder === undefined) return `Staging label ${stage} is not attached to version ${from}.`;
  const wrong = from === undefined ? "can't be empty" : "isn't valid";
  return `The parameter RemoveFromVersionId ${wrong}. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`;
}
