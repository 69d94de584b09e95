import { TerraformElement, TerraformResource, type TerraformStack } from "cdktf";

/**
 * Makes synth fail if two elements of a stack have the same Terraform id.
 * Trap: cdktf merges such elements without an error, and the last one wins.
 */
export function refuseDuplicateIds(stack: TerraformStack): void {
  stack.node.addValidation({ validate: () => duplicateIds(stack) });
}

function duplicateIds(stack: TerraformStack): string[] {
  const pathsOf = new Map<string, string[]>();
  for (const element of stack.node.findAll().filter(TerraformElement.isTerraformElement)) {
    const paths = pathsOf.get(address(element)) ?? [];
    pathsOf.set(address(element), [...paths, element.node.path]);
  }
  return [...pathsOf].filter(([, paths]) => paths.length > 1).map(sentence);
}

const address = (element: TerraformElement): string => {
  const type = TerraformResource.isTerraformResource(element)
    ? element.terraformResourceType
    : element.constructor.name;
  return `${type}.${element.friendlyUniqueId}`;
};

const sentence = ([address, paths]: [string, string[]]): string =>
  `The Terraform id ${address} is used by ${paths.join(" and ")}; each id must be unique. Rename one of them.`;
