import type { Attributes, Resources, Value } from "./configuration.ts";
import { reasonsOf } from "./language/body.ts";
import type { Instance } from "./language/instance.ts";
import { plain } from "./language/values.ts";

/** An attribute whose expression cannot be resolved. */
export interface Fault {
  /** The address of the resource. */
  readonly address: string;
  readonly attribute: string;
  readonly reason: string;
}

interface ResolveOptions {
  /** Whether an attribute is left out if it cannot be resolved. */
  readonly isOptional: (type: string, attribute: string) => boolean;
  /** Whether an attribute is left out without being resolved. */
  readonly isOmitted?: (type: string, attribute: string) => boolean;
}

export interface Resolution {
  readonly resources: Resources;
  readonly faults: readonly Fault[];
}

/** Returns resources as they would be in the Terraform state: with resolved references, and computed attributes. */
export function resolveInstances(instances: readonly Instance[], options: ResolveOptions): Resolution {
  const resources: Record<string, Record<string, Attributes>> = {};
  const faults: Fault[] = [];
  for (const instance of instances) {
    const ofType = resources[instance.type] ?? {};
    resources[instance.type] = ofType;
    ofType[instance.id] = attributesOf(instance, options, (attribute, reasons) => {
      for (const reason of reasons) faults.push({ address: instance.label, attribute, reason });
    });
  }
  return { resources, faults };
}

function attributesOf(
  instance: Instance,
  { isOptional, isOmitted = () => false }: ResolveOptions,
  report: (attribute: string, reasons: readonly string[]) => void,
): Attributes {
  const names = instance.names().filter((name) => !isOmitted(instance.type, name));
  const entries = names.map((name): [string, Value] => {
    try {
      return [name, plain(instance.get(name))];
    } catch (fault) {
      if (!isOptional(instance.type, name)) report(name, reasonsOf(fault));
      return [name, null];
    }
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

/** Returns the attributes that can be resolved. */
export const resolvable = (instances: readonly Instance[]): Resources =>
  resolveInstances(instances, { isOptional: () => true }).resources;
