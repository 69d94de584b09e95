import { basename } from "node:path";
import type { Role } from "../iam/principal.ts";
import { type Configuration, type Resources, readConfiguration, StackError } from "./configuration.ts";
import { type FunctionConfig, functionsOf, type QueueConfig, queuesOf } from "./functions.ts";
import { resolveReferences } from "./references.ts";
import { rolesOf } from "./roles.ts";
import { type RouteConfig, routesOf } from "./routes.ts";
import { attributeRules } from "./rules/attributes.ts";
import { resolvedFindings, sentence, unresolvedFindings } from "./rules/rules.ts";
import { type ScheduleConfig, schedulesOf } from "./schedules.ts";
import { type SecretConfig, secretsOf } from "./secrets.ts";
import { type StageConfig, stageOf } from "./stage.ts";
import { hasNoEffect, separatePlayed, unsupportedIn } from "./supported.ts";
import { type TableConfig, tablesOf } from "./tables.ts";

/** A stack as the emulator plays it. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly stage: StageConfig;
  readonly routes: readonly RouteConfig[];
  readonly functions: readonly FunctionConfig[];
  /** By ARN. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly queues: readonly QueueConfig[];
  readonly tables: readonly TableConfig[];
  readonly secrets: readonly SecretConfig[];
  readonly schedules: readonly ScheduleConfig[];
  /** Resource types of the stack that the emulator ignores, because they have no effect locally. */
  readonly notPlayed: readonly string[];
  /** A sentence for each thing that AWS accepts but that is probably a mistake, such as an action that does not exist. */
  readonly warnings: readonly string[];
}

/** A placeholder, which is not the id of an AWS account. */
const ACCOUNT_ID = "000000000000";

/**
 * Reads a synthesized stack. Rejects with everything that the emulator does not support, and everything that AWS or
 * Terraform would refuse. Without `iam`, it accepts policies that it cannot evaluate.
 */
export async function readStack(
  stackDirectory: string,
  { iam = true }: { readonly iam?: boolean } = {},
): Promise<Stack> {
  const configuration = readConfiguration(stackDirectory);
  const { played, notPlayed } = separatePlayed(configuration);
  const { region } = played;
  const { resources, warnings } = await resolveAndCheck(configuration, played);
  const stage = stageOf(resources);
  return {
    name: basename(stackDirectory),
    region,
    accountId: ACCOUNT_ID,
    stage,
    routes: routesOf(resources, stage),
    functions: functionsOf(resources, stackDirectory),
    roles: iam ? rolesOf(resources) : new Map(),
    queues: queuesOf(resources),
    tables: tablesOf(resources),
    secrets: secretsOf(resources),
    schedules: schedulesOf(resources),
    notPlayed,
    warnings,
  };
}

/** AWS requires some attributes that have no effect locally, so their values are checked. */
const isOptional = (type: string, attribute: string): boolean =>
  hasNoEffect(type, attribute) && !attributeRules[type]?.required?.some((path) => path.split(".")[0] === attribute);

interface Checked {
  readonly resources: Resources;
  readonly warnings: readonly string[];
}

/** Returns the resources with resolved references. Resources that are not played are checked too, because AWS checks them. */
async function resolveAndCheck(configuration: Configuration, played: Configuration): Promise<Checked> {
  const reasons = unsupportedIn(played);
  const findings = unresolvedFindings(configuration);
  let resources: Resources = {};
  try {
    resources = resolveReferences(played, { region: played.region, accountId: ACCOUNT_ID, isOptional });
    findings.push(...(await resolvedFindings(resources)));
  } catch (fault) {
    if (!(fault instanceof StackError)) throw fault;
    reasons.push(...fault.reasons);
  }
  reasons.push(...findings.filter(({ isWarning }) => !isWarning).map(sentence));
  if (reasons.length > 0) throw new StackError(reasons);
  return { resources, warnings: findings.map(sentence) };
}
