/** A request to AWS. */
export interface Asked {
  readonly method: string | undefined;
  readonly url: string;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const POLICY_PATH = /^\/([a-z\d-]+)\/?\?policy(?:=|$)/;

const NONE: Answered = { status: 404, body: "<Error><Code>NoSuchBucketPolicy</Code></Error>" };

/**
 * Stores the policies of buckets instead of moto, which ignores their conditions: a bucket that requires TLS would reject
 * every request. Passes on all other requests.
 */
export function bucketPolicies(): (asked: Asked) => Answered | undefined {
  const answers = new Map<string, Answered>();
  return ({ method, url, body }) => {
    const [, bucket] = POLICY_PATH.exec(url) ?? [];
    if (!bucket) return undefined;
    if (method === "GET") return answers.get(bucket) ?? NONE;
    if (method === "PUT") answers.set(bucket, { status: 200, body });
    else answers.delete(bucket);
    return { status: 204 };
  };
}
