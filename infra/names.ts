import type { TerraformElement } from "cdktf";
import { PROJECT } from "./environments.ts";
import type { Environment } from "./settings.ts";

/** Of Lambda functions and IAM roles, the shortest limit among what carries a name here. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const NAME_CHARACTERS_MAX = 64;

export const stackName = ({ name }: Environment): string => `${PROJECT}-${name}`;

/** A name in AWS: the project, the environment, the thing. */
export function awsName(environment: Environment, thing: string): string {
  const name = `${stackName(environment)}-${thing}`;
  if (name.length <= NAME_CHARACTERS_MAX) return name;
  throw new Error(
    `The name "${name}" has ${name.length} characters; AWS allows ${NAME_CHARACTERS_MAX}. Shorten the project, the environment or "${thing}".`,
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
