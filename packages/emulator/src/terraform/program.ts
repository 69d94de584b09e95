import { basename, resolve } from "node:path";
import { computed, type Place, type Read } from "./computed.ts";
import { type Attributes, attempt, block } from "./configuration.ts";
import type { DataContext } from "./data-sources/compute-data.ts";
import { dataSources } from "./data-sources/data-sources.ts";
import { generatedValues } from "./generated-values.ts";
import type { ComputeAttribute, Instance } from "./language/instance.ts";
import { type Input, Module, type ModuleTree } from "./language/module.ts";
import type { OnRead } from "./language/source.ts";
import { Tracker } from "./language/tracker.ts";
import { plain, type Result, toText, Unresolvable } from "./language/values.ts";

export interface ModuleSettings extends Place {
  /** The folder of the root module. */
  readonly folder: string;
  readonly onRead?: OnRead;
  readonly input?: Input;
  readonly workspace?: string;
  readonly tracker?: Tracker;
  /** The values of attributes that are otherwise unknown. */
  readonly fallback?: ComputeAttribute;
}

/** Creates the root module of a stack. Nothing is evaluated before it is read. */
export function moduleIn(
  tree: ModuleTree,
  {
    folder,
    onRead = () => undefined,
    input = () => undefined,
    workspace = "default",
    tracker = new Tracker(),
    fallback = () => undefined,
    ...place
  }: ModuleSettings,
): Module {
  const compute: ComputeAttribute = (instance, attribute) =>
    computedValue(instance, attribute, { ...place, folder, onRead }) ?? fallback(instance, attribute);
  const context = { root: folder, onRead, workspace, tracker, compute, computedNames };
  return new Module({ tree, path: "", input, context });
}

const computedOf = (type: string) => computed[type] ?? generatedValues[type] ?? {};

const computedNames = ({ isData, type }: { readonly isData: boolean; readonly type: string }): readonly string[] =>
  Object.keys(
    isData
      ? (dataSources[type] ?? {})
      : ((type === "archive_file" ? dataSources.archive_file : computedOf(type)) ?? {}),
  );

function computedValue(instance: Instance, attribute: string, context: DataContext): Result | undefined {
  if (instance.isData || instance.type === "archive_file") {
    const known = Object.hasOwn(dataSources, instance.type) ? dataSources[instance.type] : undefined;
    if (known) return known[attribute]?.(instance, context);
    throw new Unresolvable(unsupportedData(instance.type), { remedy: "Write the values themselves." });
  }
  return computedOf(instance.type)[attribute]?.(instance.label, readerOf(instance), context);
}

const unsupportedData = (type: string): string =>
  `The emulator does not support the data source ${type}, because it ${type.startsWith("aws_") ? "does not call AWS" : "runs no programs and no providers"}.`;

function readerOf(instance: Instance): Read {
  const optional = (name: string): string | undefined => {
    const value = instance.declaredNames.includes(name) ? instance.get(name) : null;
    return value === null ? undefined : toText(value);
  };
  return Object.assign((name: string) => toText(instance.get(name)), { optional });
}

export interface Instances {
  readonly resources: readonly Instance[];
  readonly data: readonly Instance[];
}

/** Returns the instances of all resources and data sources. Adds a reason for each whose number is unknown. */
export function instancesIn(modules: readonly Module[], reasons: string[]): Instances {
  const all = (kind: "resource" | "data"): Instance[] =>
    modules.flatMap((module) =>
      Object.entries(module.tree.files[kind]).flatMap(([type, byName]) =>
        Object.keys(byName).flatMap((name) => attempt(() => module.instances(kind, type, name), reasons) ?? []),
      ),
    );
  return { resources: all("resource"), data: all("data") };
}

/** A module with all modules that it calls, directly or indirectly. */
export function modulesIn(module: Module, reasons: string[]): Module[] {
  const children = attempt(() => module.children(), reasons) ?? [];
  return [module, ...children.flatMap((child) => modulesIn(child, reasons))];
}

/** The region of a provider block; undefined if it sets none. */
export function regionOf(module: Module, provider: Attributes): string | undefined {
  const region = provider.region ?? null;
  return region === null ? undefined : toText(module.evaluate(region, "provider.aws.region"));
}

/** The tags that the provider adds to each resource; none if they cannot be resolved. */
export function defaultTagsOf(module: Module, provider: Attributes): Attributes {
  const { tags = {} } = block(provider.default_tags);
  return (attempt(() => plain(module.evaluate(tags, "provider.aws.default_tags")), []) ?? {}) as Attributes;
}

/** The name of a stack is that of its folder. */
export const nameOf = (folder: string): string => basename(resolve(folder));
