import type { Dynamodb } from "./dynamodb/dynamodb.ts";
import type { GuardData } from "./dynamodb/guard.ts";
import type { Api } from "./gateway/api.ts";
import { type Principals, principalsOf } from "./iam/authenticate.ts";
import { type Endpoints, variablesOf } from "./lambda/environment-variables.ts";
import type { Functions, FunctionsStack, VariablesOf } from "./lambda/functions.ts";
import type { Scheduler } from "./scheduler/scheduler.ts";
import type { SecretStore } from "./secrets-manager/secret-store.ts";
import { changesBetween, restartReasons, type StackChanges } from "./stack-changes.ts";
import { StackError } from "./terraform/configuration.ts";
import type { FunctionConfig } from "./terraform/functions.ts";
import type { Stack } from "./terraform/stack.ts";

/** The stack that runs, and the sessions of its roles. An update replaces both at once. */
export interface Deployment {
  stack: Stack;
  /** Undefined if IAM is off. */
  principals: Principals | undefined;
}

/** The running parts that follow a changed stack. */
export interface UpdatedParts {
  readonly stackDirectory: string;
  readonly iam: boolean;
  readonly endpoints: Endpoints;
  readonly api: Api;
  readonly dynamodb: Dynamodb;
  readonly functions: Functions;
  readonly scheduler: Scheduler;
  readonly secretStore: SecretStore;
  readonly archiveOf?: ArchiveOf | undefined;
  /** Reads the stack in a folder. Rejects with all reasons if the emulator refuses it. */
  readonly read: (stackDirectory: string) => Promise<Stack>;
}

export type ArchiveOf = (config: FunctionConfig) => string;

interface Updater {
  update(stackDirectory?: string): Promise<StackChanges>;
  reload(): Promise<readonly string[]>;
}

/** Returns the functions that change a running stack. They run one after the other. */
export function stackUpdater(deployment: Deployment, parts: UpdatedParts): Updater {
  let { stackDirectory } = parts;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(change: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(change, change);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    update: (folder = stackDirectory) =>
      inTurn(async () => {
        const { stack } = deployment;
        const next = await parts.read(folder);
        const reasons = restartReasons(stack, next);
        if (reasons.length > 0) throw new StackError(reasons);
        const changedCode = await apply(next, deployment, parts);
        stackDirectory = folder;
        return { changes: changesBetween(stack, next, changedCode), warnings: next.warnings };
      }),
    reload: () =>
      inTurn(() => {
        for (const archive of deployment.stack.archives) archive.write();
        return apply(deployment.stack, deployment, parts);
      }),
  };
}

/**
 * Everything that can fail comes first: it changes nothing that a function or client can observe, except that added
 * tables exist. The rest is synchronous, so no event sees a mixture of the old and the new stack. Returns the names of
 * functions with changed code or configuration.
 */
async function apply(next: Stack, deployment: Deployment, parts: UpdatedParts): Promise<readonly string[]> {
  const { api, dynamodb, functions, scheduler, secretStore, endpoints, archiveOf } = parts;
  const changed: Deployment = {
    stack: next,
    principals: parts.iam ? principalsOf(next, deployment.principals) : undefined,
  };
  const prepared = await functions.prepare(playedFunctions(next, archiveOf), variablesIn(changed, endpoints));
  try {
    const deployApi = api.prepare(next, prepared.functions);
    if (next !== deployment.stack) await dynamodb.update(guardDataOf(changed));
    secretStore.update(next.secrets);
    Object.assign(deployment, changed);
    prepared.commit();
    deployApi();
    scheduler.update(next);
    return prepared.changed;
  } catch (fault) {
    await prepared.discard();
    throw fault;
  }
}

/** The functions of a stack with the archives that they run from. */
export const playedFunctions = (stack: Stack, archiveOf: ArchiveOf | undefined): FunctionsStack => ({
  queues: stack.queues,
  functions: stack.functions.map((config) => (archiveOf ? { ...config, archivePath: archiveOf(config) } : config)),
});

export const guardDataOf = ({ stack, principals }: Deployment): GuardData => ({
  // The whole stack cannot be sent to a thread, because it contains functions.
  place: { region: stack.region, accountId: stack.accountId },
  tables: stack.tables,
  principals: principals?.all,
});

/** The environment variables of each function, with the credentials of its role. */
export const variablesIn =
  ({ stack, principals }: Deployment, endpoints: Endpoints): VariablesOf =>
  (config) => {
    const credentials = principals?.functions.get(config.name)?.credentials;
    return variablesOf(config, { region: stack.region, endpoints, credentials });
  };
