/** AWS's own key for secrets. */
const AWS_MANAGED = "alias/aws/secretsmanager";

interface Secret {
  readonly Name?: string;
  readonly ARN?: string;
  readonly KmsKeyId?: string;
}

/**
 * Completes what moto answers of a secret whose key is AWS's own, by its alias: AWS gives that alias back, and moto does not,
 * so that Terraform would set it again at every plan.
 */
export function secretKeys(): (request: { target: unknown; body: string }, answered: string) => string {
  const keys = new Map<string, string>();
  const remember = ({ Name, ARN }: Secret, key: string): void => {
    for (const name of [Name, ARN]) if (name !== undefined) keys.set(name, key);
  };
  return ({ target, body }, answered) => {
    const operation = /^secretsmanager\.(CreateSecret|UpdateSecret|DescribeSecret)$/.exec(String(target))?.[1];
    if (!operation || !answered) return answered;
    const secret: Secret = JSON.parse(answered);
    const { KmsKeyId } = JSON.parse(body) as Secret;
    if (operation !== "DescribeSecret" && KmsKeyId) remember(secret, KmsKeyId);
    const isManaged = operation === "DescribeSecret" && keys.get(secret.ARN ?? "") === AWS_MANAGED;
    return isManaged ? JSON.stringify({ ...secret, KmsKeyId: AWS_MANAGED }) : answered;
  };
}
