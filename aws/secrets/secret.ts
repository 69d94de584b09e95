import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { jsonOf } from "../../chat/protocol/frames.ts";
import type { Secret } from "../../chatops/secret.ts";

export interface SecretOptions {
  readonly client: SecretsManagerClient;
  readonly arn: string;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version */
type Label = "AWSCURRENT" | "AWSPENDING" | "AWSPREVIOUS";

export const secretsManager = new SecretsManagerClient();

/**
 * The versions of a secret in Secrets Manager. Trap: after a rotation, the current version still has the label AWSPENDING. A
 * version is pending only if it has AWSPENDING and not AWSCURRENT.
 */
export function secret({ client, arn: SecretId }: SecretOptions): Secret {
  /** Reads the labels of all versions. Returns a function that finds the id of the version with a label. */
  const readLabels = async () => {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    return (label: Label) => Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes(label));
  };

  const move = async (VersionStage: Label, { from, to }: { from: string | undefined; to?: string | undefined }) => {
    const versions = { RemoveFromVersionId: from, MoveToVersionId: to };
    try {
      await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, ...versions }));
    } catch (fault) {
      // If the answer to the first attempt is lost, the SDK's retry is refused, because the label is not on `from` any more.
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
      const isMoved = fault instanceof InvalidParameterException && (await readLabels())(VersionStage) === to;
      if (!isMoved) throw fault;
    }
  };

  const drop = async (label: Label): Promise<void> => {
    const from = (await readLabels())(label);
    if (from !== undefined) await move(label, { from });
  };

  const read = async (VersionId: string | undefined): Promise<object | undefined> => {
    if (VersionId === undefined) return undefined;
    // By version id: the label may have moved in the meantime.
    const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId, VersionId }));
    return objectIn(SecretString);
  };

  return {
    async read() {
      const versionOf = await readLabels();
      const [current, pending] = [versionOf("AWSCURRENT"), versionOf("AWSPENDING")];
      const versions = [current, pending === current ? undefined : pending, versionOf("AWSPREVIOUS")];
      const [currentValue, pendingValue, previousValue] = await Promise.all(versions.map(read));
      return { current: currentValue, pending: pendingValue, previous: previousValue };
    },
    async putPending(value) {
      const SecretString = JSON.stringify(value);
      await client.send(new PutSecretValueCommand({ SecretId, SecretString, VersionStages: ["AWSPENDING"] }));
    },
    dropPending: () => drop("AWSPENDING"),
    async promote() {
      const versionOf = await readLabels();
      await move("AWSCURRENT", { from: versionOf("AWSCURRENT"), to: versionOf("AWSPENDING") });
    },
    dropPrevious: () => drop("AWSPREVIOUS"),
  };
}

/** An invalid secret counts as a secret without fields. Its text must not reach a log, nor a parse error, which quotes the text. */
function objectIn(text: string): object {
  const value = jsonOf(text);
  return typeof value === "object" && value !== null ? value : {};
}
