import { resolve } from "node:path";
import { type Attributes, attempt, StackError } from "./configuration.ts";
import { dependencyGraph } from "./dependency-graph.ts";
import type { Module } from "./language/module.ts";
import { readModuleTree } from "./language/module-tree.ts";
import type { OnRead } from "./language/source.ts";
import { Tracker } from "./language/tracker.ts";
import { readInputs } from "./language/variables.ts";
import { defaultTagsOf, type Instances, instancesIn, moduleIn, modulesIn, regionOf } from "./program.ts";
import type { Fault } from "./resolve.ts";
import type { Graph } from "./rules/order.ts";
import { type Locate, locateIn } from "./source-places.ts";

/** A placeholder, which is not the id of an AWS account. */
export const ACCOUNT_ID = "000000000000";

export interface LoadOptions {
  /** `NAME=VALUE` for variables of the root module. */
  readonly variables?: readonly string[];
  /** Paths of files with values of variables. */
  readonly variableFiles?: readonly string[];
  /** Default: the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Receives each file and folder that the Terraform consists of, also if the Terraform is refused. */
  readonly onRead?: OnRead;
}

/** The Terraform of a stack, with its modules, before anything is resolved. */
export interface LoadedStack extends Instances {
  readonly folder: string;
  readonly region: string;
  /** The region of each configuration of the provider `aws`, by its alias. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly defaultTags: Attributes;
  readonly modules: readonly Module[];
  /** Why the number of some resources is unknown. */
  readonly reasons: readonly string[];
  /** Values that are not in a plan. */
  readonly faults: readonly Fault[];
  readonly warnings: readonly string[];
  readonly locate: Locate;
  /** The order of resources, from what was resolved so far. */
  readonly graph: () => Graph;
}

/** Rejects if the folder contains no Terraform, if it is not valid, or if it has no region. */
export async function loadStack(folder: string, options: LoadOptions = {}): Promise<LoadedStack> {
  const { variables = [], variableFiles = [], environment = process.env, onRead = () => undefined } = options;
  const root = resolve(folder);
  const { tree, faults } = await readModuleTree(root, onRead);
  const input = await readInputs(root, { variables, files: variableFiles, environment, onRead });
  requireDeclared(variables, tree.files.variable);
  const settings = {
    folder: root,
    onRead,
    input,
    workspace: environment.TF_WORKSPACE ?? "default",
    accountId: ACCOUNT_ID,
  };
  const providers = tree.files.provider.aws ?? [];
  const { region, aliases } = regionsOf(moduleIn(tree, { ...settings, region: "" }), providers, environment);
  const tracker = new Tracker();
  const module = moduleIn(tree, { ...settings, region, tracker });
  const reasons: string[] = [...faults];
  const modules = modulesIn(module, reasons);
  reasons.push(...modules.flatMap((each) => each.invalidVariables()));
  const instances = instancesIn(modules, reasons);
  return {
    folder: root,
    ...{ region, aliases, modules, reasons, faults: [], warnings: [] },
    ...instances,
    defaultTags: defaultTagsOf(module, providers.find(isDefault) ?? {}),
    locate: locateIn(root, modules),
    graph: () => dependencyGraph(tracker, [...instances.resources, ...instances.data]),
  };
}

/** Terraform refuses a flag for a variable that does not exist, but not a value in a file. */
function requireDeclared(variables: readonly string[], declared: Readonly<Record<string, unknown>>): void {
  const names = variables.map((flag) => flag.replace(/\s*=[\s\S]*$/, "").trim());
  const known = Object.keys(declared).join(", ") || "none";
  const unknown = names.filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length === 0) return;
  throw new StackError(
    unknown.map(
      (name) => `--var sets "${name}", which is not a variable. The variables of the Terraform are: ${known}.`,
    ),
  );
}

const isDefault = ({ alias }: Attributes): boolean => (alias ?? undefined) === undefined;

/** The provider reads its region from the environment if its block has none. */
function regionsOf(
  module: Module,
  providers: readonly Attributes[],
  environment: Readonly<Record<string, string | undefined>>,
): Pick<LoadedStack, "region" | "aliases"> {
  const fallback = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  const reasons: string[] = [];
  const read = (provider: Attributes) => attempt(() => regionOf(module, provider), reasons) ?? fallback;
  const region = read(providers.find(isDefault) ?? {});
  if (region !== undefined && /^[a-z\d-]+$/.test(region)) {
    const aliased = providers.filter((provider) => !isDefault(provider));
    return { region, aliases: Object.fromEntries(aliased.map((each) => [String(each.alias), read(each) ?? region])) };
  }
  throw new StackError([
    `${module.tree.files.folder} has no valid region${region === undefined ? "" : `, but "${region}"`}. ${reasons.join(" ")} Set "region" in the block of the provider "aws" to a region such as "eu-west-2", or set the environment variable AWS_REGION or AWS_DEFAULT_REGION.`.replaceAll(
      / {2,}/g,
      " ",
    ),
  ]);
}
