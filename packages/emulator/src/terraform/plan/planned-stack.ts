import type { ModuleConfiguration, PlanJson, PlannedModule, PlannedResource } from "./plan-json.ts";

/** One instance of a module in a plan. */
export interface Site {
  /** Such as `module.api["eu"]`; empty for the root module. */
  readonly address: string;
  readonly configuration: ModuleConfiguration;
  readonly parent: Site | undefined;
  /** The name of the call in the parent. */
  readonly call: string;
  /** The key of the instance, such as `["eu"]`. */
  readonly key: string;
}

export interface PlannedInstance {
  readonly resource: PlannedResource;
  readonly site: Site;
  /** The name in the stack that is made of the plan. Names of instances and of modules are replaced. */
  readonly name: string;
}

interface Sited {
  readonly resource: PlannedResource;
  readonly site: Site;
}

/** All managed resources of a plan, with the module that declares each of them. */
export function plannedInstances({ planned_values, configuration }: PlanJson): PlannedInstance[] {
  const root: Site = { address: "", configuration: configuration.root_module, parent: undefined, call: "", key: "" };
  return resourcesIn(planned_values.root_module, root).map(({ resource, site }, index) => {
    const isPlain = site.address === "" && resource.index === undefined;
    return { resource, site, name: isPlain ? resource.name : `planned-${index}` };
  });
}

const resourcesIn = ({ resources = [], child_modules = [] }: PlannedModule, site: Site): Sited[] => [
  ...resources.filter(({ mode }) => mode === "managed").map((resource) => ({ resource, site })),
  ...child_modules.flatMap((child) => resourcesIn(child, childSite(child, site))),
];

function childSite({ address = "" }: PlannedModule, parent: Site): Site {
  const [, call = "", key = ""] = /module\.([\w-]+)(\[[^\]]*\])?$/.exec(address) ?? [];
  const configuration = parent.configuration.module_calls?.[call]?.module ?? {};
  return { address, configuration, parent, call, key };
}

/** The key of a resource's instance, such as `["connect"]` or `[0]`. */
export const keyOf = ({ index }: PlannedResource): string => (index === undefined ? "" : `[${JSON.stringify(index)}]`);
