import { basename } from "node:path";
import type { Role } from "../iam/principal.ts";
import { type Configuration, type Resources, readConfiguration } from "./configuration.ts";
import { type FunctionConfig, functionsOf } from "./functions.ts";
import { sift } from "./not-played.ts";
import { type QueueConfig, queuesOf } from "./queues.ts";
import { resolveReferences } from "./references.ts";
import { Refusal } from "./refusal.ts";
import { rolesOf } from "./roles.ts";
import { type RouteConfig, routesOf } from "./routes.ts";
import { resolvedFindings, sentence, unresolvedFindings } from "./rules/rules.ts";
import { type ScheduleConfig, schedulesOf } from "./schedules.ts";
import { type SecretConfig, secretsOf } from "./secrets.ts";
import { type StageConfig, stageOf } from "./stage.ts";
import { unsupportedIn } from "./supported.ts";
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
  /** Types of resources that it has and the emulator passes over, because they mean nothing here. */
  readonly notPlayed: readonly string[];
}

/** An account nobody has. */
const ACCOUNT_ID = "000000000000";

/**
 * Reads a synthesized stack. Rejects with everything that the emulator cannot play, and that AWS or Terraform would
 * refuse; policies that it cannot evaluate are refused only with IAM on.
 */
export async function readStack(
  stackDirectory: string,
  { iam = true }: { readonly iam?: boolean } = {},
): Promise<Stack> {
  const configuration = readConfiguration(stackDirectory);
  const { played, notPlayed } = sift(configuration);
  const { region } = played;
  const resources = await resolveAndCheck(configuration, played);
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
  };
}

/** Gives the resources with their references resolved. The configuration also has what is not played: AWS checks that too. */
async function resolveAndCheck(configuration: Configuration, played: Configuration): Promise<Resources> {
  const reasons = [...unsupportedIn(played), ...unresolvedFindings(configuration).map(sentence)];
  let resources: Resources = {};
  try {
    resources = resolveReferences(played, { region: played.region, accountId: ACCOUNT_ID });
    reasons.push(...(await resolvedFindings(resources)).map(sentence));
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    reasons.push(...fault.reasons);
  }
  if (reasons.length > 0) throw new Refusal(reasons);
  return resources;
}
