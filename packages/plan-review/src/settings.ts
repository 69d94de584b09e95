import { DESCRIBED } from "./event-rules.ts";
import { called } from "./nouns.ts";
import { documentPaths } from "./permissions/documents.ts";
import { type Phrase, say } from "./phrase.ts";
import { actionOf, isReplaced, type Plan, type ResourceChange } from "./plan.ts";
import type { ResourceState, Sides } from "./resource-states.ts";
import { type DifferencesAt, routeParts } from "./routes.ts";
import { type Difference, differencesOf } from "./values.ts";

/** One value that changes in the same way at one or more places. */
export interface SettingChange extends Difference {
  readonly type: string;
  readonly of: readonly Phrase[];
  readonly described?: DescribedVariable | undefined;
}

interface DescribedVariable {
  /** The name under which the reviewer knows it. */
  readonly setting: string;
  /** Completes a sentence: "whether users …". */
  readonly meaning: string;
}

/** What environment variables of functions mean, by their names. */
export type DescribedVariables = Readonly<Record<string, DescribedVariable>>;

const VARIABLE = /^environment\.variables\.(?<name>[^.]+)/;

function descriptionOf(path: string, variables: DescribedVariables): DescribedVariable | undefined {
  const { name = "" } = VARIABLE.exec(path)?.groups ?? {};
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** The section on code has the sizes of code. The hashes and the date have no further value for a reviewer. */
const CODE = ["code_sha256", "filename", "last_modified", "source_code_hash", "source_code_size"];

/** Terraform's own: the tags of a resource and of its provider together repeat both. */
const REPEATED = /^tags_all\b/;

interface Changes {
  readonly plan: Plan;
  readonly sides: Sides;
  readonly differencesAt: DifferencesAt;
  readonly variables: DescribedVariables;
}

export function settingChanges({ plan, sides, differencesAt, variables }: Changes): SettingChange[] {
  const states = new Map([...sides.before, ...sides.after].map((state) => [state.address, state]));
  const ofRoutes = routeParts(sides);
  const changed = plan.resource_changes.filter((resource) => isChanged(resource) && !ofRoutes.has(resource.address));
  const settings = changed.flatMap((resource) => {
    const state = states.get(resource.address);
    if (!state) return [];
    return differencesAt(resource.address)
      .filter(({ path }) => !isToldOtherwise(state, path))
      .map((difference) => ({
        ...{ ...difference, type: resource.type, of: [called(state)] },
        described: resource.type === "aws_lambda_function" ? descriptionOf(difference.path, variables) : undefined,
      }));
  });
  return grouped([...settings, ...outputChanges(plan)]);
}

const isChanged = ({ mode, change }: ResourceChange): boolean =>
  mode === "managed" && (actionOf(change) === "update" || isReplaced(change));

const isToldOtherwise = (state: ResourceState, path: string): boolean => {
  if (state.type === "aws_lambda_permission" || REPEATED.test(path)) return true;
  if (state.type === "aws_lambda_function" && CODE.includes(path)) return true;
  const described = [...documentPaths(state), ...(DESCRIBED[state.type] ?? [])];
  return described.some((attribute) => path === attribute || path.startsWith(`${attribute}.`));
};

function outputChanges({ output_changes }: Plan): SettingChange[] {
  return Object.entries(output_changes).flatMap(([name, change]) =>
    differencesOf(change).map((difference) => ({
      ...difference,
      path: difference.path || "value",
      type: "output",
      of: [say`output ${name}`],
    })),
  );
}

/** Thirteen functions with more memory are one change of a setting. */
function grouped(settings: readonly SettingChange[]): SettingChange[] {
  const groups = new Map<string, SettingChange>();
  for (const setting of settings) {
    const { type, path, before, after } = setting;
    const key = JSON.stringify([type, path, before, after]);
    groups.set(key, { ...setting, of: [...(groups.get(key)?.of ?? []), ...setting.of] });
  }
  return [...groups.values()];
}
