import type { TerraformElement } from "cdktf";
import { PROJECT } from "./environments.ts";
import type { Environment } from "./settings/settings.ts";

/** The limit for Lambda functions and IAM roles, which is the lowest of all resources here. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const NAME_CHARACTERS_MAX = 64;

export const stackName = ({ name }: Environment): string => `${PROJECT}-${name}`;

/** Each environment has its own namespace, so its metrics need no dimension. */
export const metricsNamespace = stackName;

/** The name that Lambda uses by default. */
export const functionLogGroupName = (environment: Environment, entry: string): string =>
  `/aws/lambda/${awsName(environment, entry)}`;

export const accessLogGroupName = (environment: Environment): string => `/aws/apigateway/${stackName(environment)}`;

/** The longest prefix to which Terraform can append its unique suffix. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_PREFIX_CHARACTERS_MAX = 37;

const WEBSITE_SUFFIX = "-website-";

/** The beginning of the name of the page's bucket. Shortens long names, so that it always ends with `-website-`. */
export const websiteBucketPrefix = (environment: Environment): string =>
  stackName(environment).slice(0, BUCKET_PREFIX_CHARACTERS_MAX - WEBSITE_SUFFIX.length) + WEBSITE_SUFFIX;

/** The name of a resource in AWS: `<project>-<environment>-<resource>`. */
export function awsName(environment: Environment, resource: string): string {
  const name = `${stackName(environment)}-${resource}`;
  const over = name.length - NAME_CHARACTERS_MAX;
  if (over <= 0) return name;
  throw new Error(
    `The name "${name}" has ${name.length} characters; AWS allows ${NAME_CHARACTERS_MAX}. Make the project, the environment or "${resource}" shorter by ${over}.`,
  );
}

/** Checks only the longest name, so that one error states by how much to shorten them. */
export function refuseLongNames(environment: Environment, resources: readonly string[]): void {
  awsName(
    environment,
    resources.reduce((longest, resource) => (resource.length > longest.length ? resource : longest), ""),
  );
}

/**
 * Trap: Secrets Manager appends a dash and six characters to a name in ARNs, and misinterprets a name that ends like that.
 * "github" has six characters, so the separator is a slash. https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
export const secretName = (environment: Environment, resource: string): string =>
  `${stackName(environment)}/${resource}`;

/**
 * Gives an element the id that a plan shows, such as `aws_iam_role.connect`. By default, it is a path and a hash.
 * Trap: call it before anything refers to the element. An earlier reference keeps the old id.
 */
export function withId<Element extends TerraformElement>(element: Element, id: string): Element {
  element.overrideLogicalId(id);
  return element;
}
