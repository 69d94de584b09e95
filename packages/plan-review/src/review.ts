import { type ArchiveBytes, type CodeChange, codeChanges } from "./code.ts";
import { type Cost, costOf, type PricesAtRest } from "./cost.ts";
import { type Count, countsOf } from "./counts.ts";
import { type Drift, driftOf, type Forgotten, forgottenIn } from "./drift.ts";
import { type EventChange, eventChanges } from "./event-rules.ts";
import { type Caller, callerOf } from "./nouns.ts";
import { type PermissionChanges, permissionChanges } from "./permissions/permissions.ts";
import type { Phrase } from "./phrase.ts";
import { actionOf, isReplaced, type Plan, type ResourceChange } from "./plan.ts";
import { type PublicAddress, publicAddresses } from "./public-access.ts";
import { sidesOf, writtenOf } from "./resource-states.ts";
import { type Risk, risksOf } from "./risks.ts";
import { type DifferencesAt, type GatewayLoss, gatewayLosses, type RouteChange, routeChanges } from "./routes.ts";
import { type DescribedVariables, type SettingChange, settingChanges } from "./settings.ts";
import { failedCheckPhrases, unreviewedPhrases } from "./unreviewed.ts";
import { differencesOf } from "./values.ts";

export type { DescribedVariables } from "./settings.ts";

/** The contents of a review of a plan. */
export interface Review {
  readonly stack: string;
  readonly risks: readonly Risk[];
  readonly gatewayLosses: readonly GatewayLoss[];
  readonly routes: readonly RouteChange[];
  /** Event buses, and the events of EventBridge that reach a target. */
  readonly events: readonly EventChange[];
  readonly permissions: PermissionChanges;
  /** Addresses at which a plan publishes files, or to which it sends signed-in users. */
  readonly publicAddresses: readonly PublicAddress[];
  readonly code: readonly CodeChange[];
  readonly settings: readonly SettingChange[];
  readonly cost: Cost;
  readonly drift: readonly Drift[];
  /** A sentence for each part of the plan that the review cannot judge. */
  readonly unreviewed: readonly Phrase[];
  /** Sentences about failed conditions and `check` blocks. */
  readonly failedChecks: readonly Phrase[];
  /** Resources that stay in AWS while Terraform stops managing them. */
  readonly forgotten: readonly Forgotten[];
  readonly counts: readonly Count[];
  /** The number of provider actions that the apply runs. */
  readonly invocations: number;
  /** Turns references into nouns and names. */
  readonly call: Caller;
}

export interface Reviewed {
  readonly stack: string;
  readonly plan: Plan;
  readonly prices: PricesAtRest;
  readonly archiveBytes: ArchiveBytes;
  /** Described in the changes of settings. By default, only the name of a variable is shown. */
  readonly variables?: DescribedVariables;
}

export function review({ stack, plan, prices, archiveBytes, variables = {} }: Reviewed): Review {
  const sides = sidesOf(plan);
  const differencesAt = differencesIn(plan);
  const inPlace = new Set(plan.resource_changes.filter(staysAtAddress).map(({ address }) => address));
  const differencesInPlace: DifferencesAt = (address) => (inPlace.has(address) ? differencesAt(address) : []);
  return {
    stack,
    risks: risksOf(plan, sides),
    gatewayLosses: gatewayLosses(plan, sides),
    routes: routeChanges(sides, differencesInPlace),
    events: eventChanges(sides),
    permissions: permissionChanges({ plan, sides, differencesAt }),
    publicAddresses: publicAddresses(sides),
    code: codeChanges(sides, archiveBytes),
    settings: settingChanges({ plan, sides, differencesAt: differencesInPlace, variables }),
    cost: costOf(sides, prices),
    drift: driftOf(plan),
    unreviewed: unreviewedPhrases(plan),
    failedChecks: failedCheckPhrases(plan),
    forgotten: forgottenIn(plan, sides),
    counts: countsOf(plan),
    invocations: plan.action_invocations.length,
    call: callerOf(sides),
  };
}

/** Whether the plan permanently deletes data, which `--guard` reports as an error. */
export const losesData = ({ risks }: Review): boolean => risks.some(({ kind }) => kind === "lost");

const staysAtAddress = ({ change }: ResourceChange): boolean => actionOf(change) === "update" || isReplaced(change);

/** The differences at each address. */
function differencesIn(plan: Plan): DifferencesAt {
  const written = writtenOf(plan);
  const resources = new Map(plan.resource_changes.map((resource) => [resource.address, resource]));
  return (address) => {
    const resource = resources.get(address);
    if (!resource) return [];
    const attributes = written(resource);
    const forcing = new Set((resource.change.replace_paths ?? []).map(([attribute]) => attribute));
    return differencesOf(resource.change, (attribute) => attribute in attributes || forcing.has(attribute));
  };
}
