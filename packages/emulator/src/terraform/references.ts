import type { Place } from "./computed.ts";
import { type Configuration, mapEntries, type Resources, StackError } from "./configuration.ts";
import type { SourcePlace } from "./language/declarations.ts";
import type { ModuleFiles } from "./language/files.ts";
import type { ComputeAttribute } from "./language/instance.ts";
import { instancesIn, moduleIn } from "./program.ts";
import { resolveInstances } from "./resolve.ts";

interface ReferenceOptions extends Place {
  /** Whether the stack can be played without an attribute of a resource type; default: never. */
  readonly isOptional?: (type: string, attribute: string) => boolean;
  /** The values of attributes that are otherwise unknown. */
  readonly fallback?: ComputeAttribute;
}

/**
 * Returns every resource of a stack in JSON syntax as it would be in the Terraform state: its declared attributes with
 * resolved references, and its computed attributes. Throws a `StackError` that lists the expressions that cannot be resolved.
 */
export function resolveReferences(
  { resource, data = {} }: Pick<Configuration, "resource"> & Partial<Pick<Configuration, "data">>,
  { isOptional = () => false, ...options }: ReferenceOptions,
): Resources {
  const reasons: string[] = [];
  const module = moduleIn({ files: jsonFiles({ resource, data }), calls: {} }, { folder: ".", ...options });
  const { resources } = instancesIn([module], reasons);
  const resolved = resolveInstances(resources, { isOptional });
  const all = [...reasons, ...resolved.faults.map(({ reason }) => reason)];
  if (all.length > 0) throw new StackError(all);
  return mapEntries(resource, (_, type) => resolved.resources[type] ?? {});
}

function jsonFiles({ resource, data }: Pick<Configuration, "resource" | "data">): ModuleFiles {
  const place = { file: "main.tf.json", line: undefined };
  const places = Object.entries(resource).flatMap(([type, byName]) =>
    Object.keys(byName).map((name): [string, SourcePlace] => [`${type}.${name}`, place]),
  );
  const empty = { variable: {}, output: {}, module: {}, locals: {}, provider: {} };
  return { folder: ".", resource, data, ...empty, places: new Map(places) };
}
