import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Attributes, StackError } from "./configuration.ts";
import { dependencyGraph } from "./dependency-graph.ts";
import type { ModuleFiles } from "./language/files.ts";
import type { OnRead } from "./language/source.ts";
import { Tracker } from "./language/tracker.ts";
import { ACCOUNT_ID, type LoadedStack } from "./load-stack.ts";
import type { PlanJson } from "./plan/plan-json.ts";
import { referencesOf } from "./plan/plan-json.ts";
import { bodyOf, type PlanFindings } from "./plan/plan-values.ts";
import { type PlannedInstance, plannedInstances } from "./plan/planned-stack.ts";
import { instancesIn, moduleIn } from "./program.ts";

interface PlanOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onRead: OnRead;
}

/** Reads a plan in JSON. Paths are relative to its folder. */
export function loadPlan(path: string, { environment, onRead }: PlanOptions): LoadedStack {
  onRead({ path: resolve(path) });
  const plan = parse(path);
  const folder = dirname(resolve(path));
  const all = plannedInstances(plan);
  const findings: PlanFindings = { faults: [], warnings: [] };
  const files = filesOf(plan, { folder, all, findings });
  const region = regionOf(plan, environment);
  if (region === undefined) {
    throw new StackError([
      `${path} has no region. Set "region" in the block of the provider "aws", or set the environment variable AWS_REGION or AWS_DEFAULT_REGION.`,
    ]);
  }
  const tracker = new Tracker();
  const module = moduleIn({ files, calls: {} }, { folder, onRead, region, accountId: ACCOUNT_ID, tracker });
  const instances = instancesIn([module], []);
  const names = new Map(all.map(({ resource, name }) => [`${resource.type}.${name}`, resource.address]));
  return {
    ...instances,
    ...{ folder, region, aliases: {}, defaultTags: {}, modules: [module] },
    reasons: [],
    ...findings,
    locate: (sentence) => sentence.replaceAll(/\w+\.planned-\d+/g, (name) => names.get(name) ?? name),
    graph: () => dependencyGraph(tracker, instances.resources),
  };
}

function parse(path: string): PlanJson {
  const problem = (reason: string): Error =>
    new Error(
      `${path} is not a plan in JSON: ${reason} Write one with terraform plan -out FILE, and terraform show -json FILE > plan.json.`,
    );
  if (/\.tf(\.json)?$/.test(path)) {
    throw new Error(`${path} is one file of a folder of Terraform. Pass its folder: ${dirname(path)}.`);
  }
  let content: Partial<PlanJson>;
  try {
    content = JSON.parse(readFileSync(path, "utf8")) as Partial<PlanJson>;
  } catch (fault) {
    throw problem(`${(fault as Error).message}.`);
  }
  if (content.planned_values && content.configuration) return content as PlanJson;
  throw problem('It has no "planned_values" or no "configuration".');
}

interface Planned {
  readonly folder: string;
  readonly all: readonly PlannedInstance[];
  readonly findings: PlanFindings;
}

function filesOf({ resource_changes: changes = [] }: PlanJson, { folder, all, findings }: Planned): ModuleFiles {
  const resource: Record<string, Record<string, Attributes>> = {};
  for (const instance of all) {
    const { type, name, address } = instance.resource;
    const configured = instance.site.configuration.resources?.find(
      (each) => each.mode === "managed" && each.type === type && each.name === name,
    );
    const unknown = changes.find((change) => change.address === address)?.change.after_unknown;
    const body = bodyOf(configured?.expressions ?? {}, unknown, { instance, all, ...findings });
    resource[type] = { ...resource[type], [instance.name]: withoutNull(body) };
  }
  const empty = { data: {}, variable: {}, output: {}, module: {}, locals: {}, provider: {} };
  return { folder, resource, ...empty, places: new Map() };
}

const withoutNull = (body: Attributes): Attributes =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

/** The region of the provider is a constant or a variable; otherwise the environment has it. */
function regionOf(plan: PlanJson, environment: PlanOptions["environment"]): string | undefined {
  const provider = Object.values(plan.configuration.provider_config ?? {}).find(
    (each) => each.alias === undefined && each.expressions?.region !== undefined,
  );
  const expression = provider?.expressions?.region;
  const constant = expression && "constant_value" in expression ? expression.constant_value : undefined;
  const [, variable = ""] = /^var\.([\w-]+)/.exec(referencesOf(expression)[0] ?? "") ?? [];
  const value =
    constant ?? plan.variables?.[variable]?.value ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  return typeof value === "string" ? value : undefined;
}
