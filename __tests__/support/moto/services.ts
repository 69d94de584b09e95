/* Features of other services that moto does not support, or supports in part. */

type Json = Record<string, unknown>;

/** A request to AWS. */
export interface AwsRequest {
  readonly method: string | undefined;
  readonly url: string;
  readonly body: string;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const POLICY_PATH = /^\/([a-z\d-]+)\/?\?policy(?:=|$)/;

const NO_POLICY: AwsResponse = { status: 404, body: "<Error><Code>NoSuchBucketPolicy</Code></Error>" };

/**
 * Stores the policies of buckets instead of moto, which ignores their conditions: a bucket that requires TLS would reject
 * every request. Passes on all other requests.
 */
export function bucketPolicies(): (request: AwsRequest) => AwsResponse | undefined {
  const answers = new Map<string, AwsResponse>();
  return ({ method, url, body }) => {
    const [, bucket] = POLICY_PATH.exec(url) ?? [];
    if (!bucket) return undefined;
    if (method === "GET") return answers.get(bucket) ?? NO_POLICY;
    if (method === "PUT") answers.set(bucket, { status: 200, body });
    else answers.delete(bucket);
    return { status: 204 };
  };
}

const MANAGED = "arn:aws:iam::aws:policy/";

const XMLNS = "https://iam.amazonaws.com/doc/2010-05-08/";

const iamResponse = (action: string, result = ""): AwsResponse => ({
  status: 200,
  body: `<${action}Response xmlns="${XMLNS}"><${action}Result>${result}</${action}Result></${action}Response>`,
});

const member = (arn: string): string =>
  `<member><PolicyName>${arn.split("/").at(-1)}</PolicyName><PolicyArn>${arn}</PolicyArn></member>`;

/**
 * Stores the attachments of AWS managed policies to roles instead of moto, which has no managed policies by default. Passes
 * on all other requests.
 */
export function managedPolicies(): (request: AwsRequest) => AwsResponse | undefined {
  const arnsOf = new Map<string, Set<string>>();
  return ({ body }) => {
    const { Action = "", RoleName = "", PolicyArn = "" } = Object.fromEntries(new URLSearchParams(body));
    const arns = arnsOf.get(RoleName) ?? new Set();
    if (Action === "ListAttachedRolePolicies" && arns.size > 0) {
      const members = [...arns].map(member).join("");
      return iamResponse(Action, `<IsTruncated>false</IsTruncated><AttachedPolicies>${members}</AttachedPolicies>`);
    }
    if (!PolicyArn.startsWith(MANAGED) || !/^(At|De)tachRolePolicy$/.test(Action)) return undefined;
    if (Action === "AttachRolePolicy") arns.add(PolicyArn);
    else arns.delete(PolicyArn);
    arnsOf.set(RoleName, arns);
    return iamResponse(Action);
  };
}

/** The alias of the AWS managed key for secrets. */
const AWS_MANAGED = "alias/aws/secretsmanager";

interface Secret {
  readonly Name?: string;
  readonly ARN?: string;
  readonly KmsKeyId?: string;
}

/**
 * Adds the alias of the AWS managed key to moto's descriptions of secrets. AWS returns this alias, and moto does not, so
 * Terraform would set it again in every plan.
 */
export function secretKeys(): (request: { target: unknown; body: string }, response: string) => string {
  const keys = new Map<string, string>();
  const remember = ({ Name, ARN }: Secret, key: string): void => {
    for (const name of [Name, ARN]) if (name !== undefined) keys.set(name, key);
  };
  return ({ target, body }, response) => {
    const operation = /^secretsmanager\.(CreateSecret|UpdateSecret|DescribeSecret)$/.exec(String(target))?.[1];
    if (!operation || !response) return response;
    const secret: Secret = JSON.parse(response);
    const { KmsKeyId } = JSON.parse(body) as Secret;
    if (operation !== "DescribeSecret" && KmsKeyId) remember(secret, KmsKeyId);
    const isManaged = operation === "DescribeSecret" && keys.get(secret.ARN ?? "") === AWS_MANAGED;
    return isManaged ? JSON.stringify({ ...secret, KmsKeyId: AWS_MANAGED }) : response;
  };
}

const FUNCTION_PATH = /^\/2015-03-31\/functions(?:\/([^/?]+)(?:\/configuration)?)?\/?(?:\?|$)/;

/** moto never returns LoggingConfig, and ignores changes of the others. */
const LOST_SETTINGS = ["LoggingConfig", "TracingConfig", "EphemeralStorage", "DeadLetterConfig", "KMSKeyArn"] as const;

export interface FunctionSettings {
  /** Records the setting in a request. */
  remember(request: AwsRequest): void;
  /** Adds the setting to the response of moto. */
  complete(request: AwsRequest, response: string): string;
}

/** Stores settings of functions instead of moto. Without them, Terraform would set them again in every plan. */
export function functionSettings(): FunctionSettings {
  const settings = new Map<string, Json>();
  return {
    remember({ method, url, body }) {
      const [isFunction, pathName] = FUNCTION_PATH.exec(url) ?? [];
      if (method === "DELETE" && pathName) settings.delete(pathName);
      if (!isFunction || !body) return;
      const { FunctionName = pathName, ...given }: Json & { FunctionName?: string } = JSON.parse(body);
      const kept = LOST_SETTINGS.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]);
      if (FunctionName) settings.set(FunctionName, { ...settings.get(FunctionName), ...Object.fromEntries(kept) });
    },
    complete({ url }, response) {
      if (!response || !FUNCTION_PATH.test(url)) return response;
      const json: Json & { Configuration?: Json } = JSON.parse(response);
      const configuration = json.Configuration ?? json;
      Object.assign(configuration, settings.get(String(configuration.FunctionName)));
      return JSON.stringify(json);
    },
  };
}
