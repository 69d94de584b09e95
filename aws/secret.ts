import { randomUUID } from "node:crypto";
import type { Secret } from "../chatops/secret.ts";
import type { SecretsManager } from "./secrets-manager.ts";

export interface SecretPlace {
  readonly secretsManager: SecretsManager;
  readonly arn: string;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version */
type Label = "AWSCURRENT" | "AWSPENDING" | "AWSPREVIOUS";

/**
 * A secret of Secrets Manager in stages. Trap: AWSPENDING stays on the version that AWSCURRENT comes to, so pending is
 * what has that label, and not the other.
 */
export function secret({ secretsManager, arn: SecretId }: SecretPlace): Secret {
  /** The versions that have labels. */
  const labelled = async () => {
    const { VersionIdsToStages = {} } = await secretsManager("DescribeSecret", { SecretId });
    const labels = VersionIdsToStages as Readonly<Record<string, readonly string[]>>;
    return (label: Label) => Object.keys(labels).find((id) => labels[id]?.includes(label));
  };

  const move = (
    VersionStage: Label,
    { from, to }: { readonly from: string | undefined; readonly to?: string | undefined },
  ) =>
    secretsManager("UpdateSecretVersionStage", {
      SecretId,
      VersionStage,
      RemoveFromVersionId: from,
      MoveToVersionId: to,
    });

  const drop = async (label: Label): Promise<void> => {
    const from = (await labelled())(label);
    if (from !== undefined) await move(label, { from });
  };

  const read = async (VersionId: string | undefined): Promise<object | undefined> => {
    if (VersionId === undefined) return undefined;
    // By the version alone: a label may have moved since.
    const { SecretString } = await secretsManager("GetSecretValue", { SecretId, VersionId });
    return objectIn(String(SecretString));
  };

  return {
    async read() {
      const versionOf = await labelled();
      const [current, pending] = [versionOf("AWSCURRENT"), versionOf("AWSPENDING")];
      const versions = [current, pending === current ? undefined : pending, versionOf("AWSPREVIOUS")];
      const [now, next, before] = await Promise.all(versions.map(read));
      return { current: now, pending: next, previous: before };
    },
    async putPending(value) {
      // Under the same token, a second attempt stores no second version.
      const version = { ClientRequestToken: randomUUID(), VersionStages: ["AWSPENDING"] };
      await secretsManager("PutSecretValue", { SecretId, SecretString: JSON.stringify(value), ...version });
    },
    dropPending: () => drop("AWSPENDING"),
    async promote() {
      const versionOf = await labelled();
      await move("AWSCURRENT", { from: versionOf("AWSCURRENT"), to: versionOf("AWSPENDING") });
    },
    dropPrevious: () => drop("AWSPREVIOUS"),
  };
}

/** What is no JSON object has no fields. Neither its words nor those of who reads it are for logs. */
function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
