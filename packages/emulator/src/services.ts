import { dynamodbService } from "./dynamodb/dynamodb-service.ts";
import type { Services } from "./endpoint.ts";
import { eventBridgeService } from "./event-bridge/put-events.ts";
import { allowAll, createGuard, type Guard } from "./iam/guard.ts";
import type { Report } from "./inspector/events.ts";
import type { Functions } from "./lambda/functions.ts";
import { lambdaService } from "./lambda/invoke-api.ts";
import { secretsManagerService } from "./secrets-manager/api.ts";
import { persistIn, SecretStore } from "./secrets-manager/secret-store.ts";
import type { Stack } from "./terraform/stack.ts";
import type { Deployment } from "./update.ts";

export const secretStoreOf = ({ secrets }: Stack, dataDirectory: string | undefined): SecretStore =>
  new SecretStore(secrets, dataDirectory === undefined ? undefined : persistIn(dataDirectory));

export interface ServicesOptions extends Pick<Functions, "functions" | "queues"> {
  readonly secretStore: SecretStore;
  /** Creates the guard of a service. */
  readonly guard: (service: string) => Guard;
  readonly iam: boolean;
  readonly report: Report;
  readonly dynamodbUrl: string;
}

/** All services besides `@connections`. */
export function servicesOf(deployment: Deployment, options: ServicesOptions): Services {
  const { functions, queues, secretStore, guard, iam, report, dynamodbUrl } = options;
  const { stack } = deployment;
  const secrets = { secretStore, place: stack, guard: guard("secretsmanager"), report, now: Date.now };
  return {
    dynamodb: dynamodbService(dynamodbUrl),
    lambda: lambdaService({ ...stack, functions, guard: guard("lambda") }),
    secretsmanager: secretsManagerService(secrets),
    events: eventBridgeService({
      ...{ functions, queues, iam, report },
      stack: () => deployment.stack,
      guard: guard("events"),
    }),
  };
}

/**
 * Checks signatures against the system clock, even if the emulator has another clock, because clients sign with the
 * system time. Follows updates of the stack.
 */
export function guardOf(service: string, deployment: Deployment, report: Report): Guard {
  if (!deployment.principals) return allowAll;
  return createGuard({
    service,
    region: deployment.stack.region,
    get principals() {
      return deployment.principals?.all ?? [];
    },
    now: Date.now,
    report,
  });
}
