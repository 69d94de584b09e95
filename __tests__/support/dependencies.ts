type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** An address of a resource: in an expression, or alone as in `depends_on`. */
const ADDRESS = /(?:\$\{|[( ]|^|")(aws_\w+\.[\w-]+)/g;

const ownOf = (resources: Resources, address: string): string[] => {
  const [type = "", id = ""] = address.split(".");
  const text = JSON.stringify(resources[type]?.[id] ?? {}).replaceAll('\\"', '"');
  return [...text.matchAll(ADDRESS)].flatMap(([, found]) => (found ? [found] : []));
};

/** What Terraform creates before a resource, by address: what it refers to or names in `depends_on`, and so on. */
export function dependenciesOf(resources: Resources, address: string): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = ownOf(resources, address);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    pending.push(...ownOf(resources, next));
  }
  return found;
}
