import { basename } from "node:path";
import type { Role } from "../iam/principal.ts";
import { readConfiguration } from "./configuration.ts";
import { type FunctionConfig, functionsOf } from "./functions.ts";
import { sift } from "./not-played.ts";
import { type QueueConfig, queuesOf } from "./queues.ts";
import { resolveReferences } from "./references.ts";
import { rolesOf } from "./roles.ts";
import { type RouteConfig, routesOf } from "./routes.ts";
import { type ScheduleConfig, schedulesOf } from "./schedules.ts";
import { type SecretConfig, secretsOf } from "./secrets.ts";
import { type StageConfig, stageOf } from "./stage.ts";
import { refuseUnsupported } from "./supported.ts";
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

/** Reads a synthesized stack. Throws, naming it, at anything that it could not play; at policies only with IAM on. */
export function readStack(stackDirectory: string, { iam = true }: { readonly iam?: boolean } = {}): Stack {
  const { played, notPlayed } = sift(readConfiguration(stackDirectory));
  refuseUnsupported(played);
  const { region } = played;
  const resources = resolveReferences(played, { region, accountId: ACCOUNT_ID });
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
