import type { TerraformElement } from "cdktf";
import { PROJECT } from "./environments.ts";
import type { Environment } from "./settings/settings.ts";

/** Of Lambda functions and IAM roles, the shortest limit among what carries a name here. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const NAME_CHARACTERS_MAX = 64;

export const stackName = ({ name }: Environment): string => `${PROJECT}-${name}`;

/** An environment's own, so that its metrics need no dimension to tell them from another's. */
export const metricsNamespace = stackName;

/** Where Lambda would log by itself, had the function no group of its own. */
export const functionLogGroupName = (environment: Environment, entry: string): string =>
  `/aws/lambda/${awsName(environment, entry)}`;

export const accessLogGroupName = (environment: Environment): string => `/aws/apigateway/${stackName(environment)}`;

/** A name in AWS: the project, the environment, the thing. */
export function awsName(environment: Environment, thing: string): string {
  const name = `${stackName(environment)}-${thing}`;
  const over = name.length - NAME_CHARACTERS_MAX;
  if (over <= 0) return name;
  throw new Error(
    `The name "${name}" has ${name.length} characters; AWS allows ${NAME_CHARACTERS_MAX}. Make the project, the environment or "${thing}" shorter by ${over}.`,
  );
}

/** Throws at the longest of the names alone, which says by how much all of them have to be shorter. */
export function refuseLongNames(environment: Environment, things: readonly string[]): void {
  awsName(
    environment,
    things.reduce((longest, thing) => (thing.length > longest.length ? thing : longest), ""),
  );
}

/**
 * Trap: Secrets Manager puts a dash and six characters behind a name, and takes a name that ends so for another's. A slash
 * keeps "github", which has six, from it. https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
export const secretName = (environment: Environment, thing: string): string => `${stackName(environment)}/${thing}`;

/**
 * Gives an element the id that a reviewer reads in a plan, `aws_iam_role.connect`, in place of a path and a hash.
 * Trap: only before anything refers to the element; a reference made earlier keeps it at its old id.
 */
export function withId<Element extends TerraformElement>(element: Element, id: string): Element {
  element.overrideLogicalId(id);
  return element;
}
