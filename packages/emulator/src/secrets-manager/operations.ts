import type { Access } from "../iam/evaluate.ts";
import { type Place, partitionOf } from "../terraform/computed.ts";
import { CURRENT, type Secret, SecretsManagerError, type SecretValue, type Version } from "./secret.ts";
import type { SecretStore } from "./secret-store.ts";

/** The body of a request. It is not validated yet. */
export interface Parameters {
  readonly SecretId?: unknown;
  readonly VersionId?: unknown;
  readonly VersionStage?: unknown;
  readonly VersionStages?: unknown;
  readonly ClientRequestToken?: unknown;
  readonly SecretString?: unknown;
  readonly SecretBinary?: unknown;
  readonly RemoveFromVersionId?: unknown;
  readonly MoveToVersionId?: unknown;
  readonly IncludeDeprecated?: unknown;
}

export type Operation = (secret: Secret, parameters: Parameters, now: number) => object;

/** Bytes. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const VALUE_BYTES_MAX = 65_536;
const STAGES_MAX = 20;

/** The operations that read and rotate an existing secret. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html */
export const operations: Readonly<Record<string, Operation>> = {
  GetSecretValue(secret, { VersionId, VersionStage }) {
    const { id, value, createdAt, stages } = versionOf(secret, {
      id: textOr(VersionId, "VersionId"),
      stage: textOr(VersionStage, "VersionStage"),
    });
    return { ...named(secret), VersionId: id, ...value, VersionStages: stages, CreatedDate: createdAt / 1000 };
  },

  PutSecretValue(secret, parameters, now) {
    const { ClientRequestToken, VersionStages = [CURRENT] } = parameters;
    const [value, id, stages] = [valueIn(parameters), tokenOf(ClientRequestToken), stagesOf(VersionStages)];
    const twin = secret.version(id);
    if (twin && JSON.stringify(twin.value) !== JSON.stringify(value)) throw inUse(id, secret);
    // A repeated request has no effect: it does not move its labels again.
    if (!twin) secret.add({ id, value, createdAt: now, stages });
    return { ...named(secret), VersionId: id, VersionStages: secret.version(id)?.stages };
  },

  UpdateSecretVersionStage(secret, { VersionStage, RemoveFromVersionId, MoveToVersionId }) {
    secret.move(text(VersionStage, "VersionStage"), {
      from: textOr(RemoveFromVersionId, "RemoveFromVersionId"),
      to: textOr(MoveToVersionId, "MoveToVersionId"),
    });
    return named(secret);
  },

  DescribeSecret(secret) {
    const { description, kmsKeyArn } = secret.config;
    const labeled = secret.versions.filter(isLabeled).map(({ id, stages }) => [id, stages]);
    return {
      ...named(secret),
      ...(description !== undefined && { Description: description }),
      ...(kmsKeyArn !== undefined && { KmsKeyId: kmsKeyArn }),
      VersionIdsToStages: Object.fromEntries(labeled),
    };
  },

  ListSecretVersionIds(secret, { IncludeDeprecated }) {
    const versions = secret.versions.filter((version) => IncludeDeprecated === true || isLabeled(version));
    return {
      ...named(secret),
      Versions: versions.map(({ id, stages, createdAt }) => ({
        VersionId: id,
        VersionStages: stages,
        CreatedDate: createdAt / 1000,
      })),
    };
  },
};

/** The operations after which the secrets must be saved. */
export const WRITES: readonly string[] = ["PutSecretValue", "UpdateSecretVersionStage"];

const named = ({ config: { arn, name } }: Secret) => ({ ARN: arn, Name: name });

const isLabeled = ({ stages }: Version): boolean => stages.length > 0;

interface VersionQuery {
  readonly id: string | undefined;
  readonly stage: string | undefined;
}

/** Returns the current version if neither an id nor a label is given. */
function versionOf(secret: Secret, { id, stage = id === undefined ? CURRENT : undefined }: VersionQuery): Version {
  const found = id === undefined ? secret.labeled(stage as string) : secret.version(id);
  if (!found) {
    const what = id === undefined ? `staging label: ${stage}` : `VersionId: ${id}`;
    throw new SecretsManagerError(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for ${what}`,
    );
  }
  if (stage === undefined || found.stages.includes(stage)) return found;
  throw new SecretsManagerError(
    "InvalidRequestException",
    "You provided a VersionStage that is not associated to the provided VersionId.",
  );
}

function valueIn({ SecretString, SecretBinary }: Parameters): SecretValue {
  const isText = SecretString !== undefined;
  if (isText === (SecretBinary !== undefined)) {
    throw invalid("You must provide either SecretString or SecretBinary, and not both.");
  }
  const value = isText ? SecretString : SecretBinary;
  if (typeof value !== "string" || value === "") throw invalid("The value of a secret must be a non-empty string.");
  const bytes = Buffer.byteLength(value, isText ? "utf8" : "base64");
  if (bytes > VALUE_BYTES_MAX)
    throw invalid(`The value has ${bytes} bytes. A secret can have at most ${VALUE_BYTES_MAX}.`);
  return isText ? { SecretString: value } : { SecretBinary: value };
}

/** The token becomes the version's id. The SDK generates one for each request. */
function tokenOf(token: unknown): string {
  if (token === undefined) {
    throw invalid("You must provide a ClientRequestToken value. We recommend a UUID-type value.");
  }
  const id = text(token, "ClientRequestToken");
  if (id.length >= 32 && id.length <= 64) return id;
  throw invalid(`The ClientRequestToken has ${id.length} characters. It must have 32 to 64.`);
}

function stagesOf(stages: unknown): string[] {
  if (Array.isArray(stages) && stages.length > 0 && stages.length <= STAGES_MAX) {
    return stages.map((stage) => text(stage, "VersionStages"));
  }
  throw invalid(`VersionStages must be a list of 1 to ${STAGES_MAX} labels.`);
}

const inUse = (id: string, { config }: Secret): SecretsManagerError =>
  new SecretsManagerError(
    "ResourceExistsException",
    `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${config.arn}.`,
  );

const textOr = (value: unknown, name: string): string | undefined =>
  value === undefined || value === null ? undefined : text(value, name);

/** Throws if the value is not a string, or empty. */
export function text(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalid(`The parameter ${name} must be a non-empty string.`);
}

const invalid = (message: string): SecretsManagerError => new SecretsManagerError("InvalidParameterException", message);

/** The permissions that an operation needs for the customer managed key of a secret. https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ["kms:Decrypt"],
  PutSecretValue: ["kms:GenerateDataKey", "kms:Decrypt"],
};

/** Returns the permissions that a request needs: its action on the secret, and the actions that Secrets Manager performs on the key. */
export function accessesOf(
  { operation, parameters }: { readonly operation: string; readonly parameters: Parameters },
  { secretStore, place }: { readonly secretStore: SecretStore; readonly place: Place },
): readonly Access[] {
  const { SecretId, VersionId, VersionStage } = parameters;
  const secretId = typeof SecretId === "string" ? SecretId : "";
  const config = secretStore.find(secretId)?.config;
  const context = {
    "secretsmanager:secretid": [secretId],
    ...(typeof VersionId === "string" && { "secretsmanager:versionid": [VersionId] }),
    ...(typeof VersionStage === "string" && { "secretsmanager:versionstage": [VersionStage] }),
  };
  const own: Access = { action: `secretsmanager:${operation}`, resource: config?.arn ?? secretId, context };
  if (config?.kmsKeyArn === undefined) return [own];
  const resource = config.kmsKeyArn;
  const via = { "kms:viaservice": [`secretsmanager.${place.region}.${partitionOf(place.region).dnsSuffix}`] };
  return [own, ...(KEY_ACTIONS[operation] ?? []).map((action) => ({ action, resource, context: via }))];
}
