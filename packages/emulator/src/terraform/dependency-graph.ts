import type { Instance } from "./language/instance.ts";
import type { Tracker } from "./language/tracker.ts";
import type { Graph } from "./rules/order.ts";

/** Terraform orders resources, not their instances and attributes. */
const resourceOf = (node: string): string => node.replace(/#.*$/s, "").replace(/(?:\[[^\]]*\])$/, "");

/** The order in which Terraform creates the resources of a stack, from the values that were read so far. */
export function dependencyGraph(tracker: Tracker, instances: readonly Instance[]): Graph {
  const direct = new Map<string, Set<string>>();
  for (const [node, reads] of tracker.reads()) {
    const reader = resourceOf(node);
    const others = direct.get(reader) ?? new Set();
    direct.set(reader, others);
    for (const each of reads) if (resourceOf(each) !== reader) others.add(resourceOf(each));
  }
  const byResource = new Map<string, string[]>();
  for (const { label } of instances)
    byResource.set(resourceOf(label), [...(byResource.get(resourceOf(label)) ?? []), label]);
  const known = new Map<string, ReadonlySet<string>>();
  return (address) => {
    const cached = known.get(address);
    if (cached) return cached;
    const found = new Set<string>();
    const pending = [resourceOf(address)];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const next = [...(direct.get(at) ?? [])].filter((each) => !found.has(each));
      for (const each of next) found.add(each);
      pending.push(...next);
    }
    const labels = new Set([...found].flatMap((resource) => byResource.get(resource) ?? []));
    known.set(address, labels);
    return labels;
  };
}
