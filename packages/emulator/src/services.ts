import { dynamodbService } from "./dynamodb/dynamodb-service.ts";
import type { EmulatedTime } from "./emulated-time.ts";
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
  readonly time: EmulatedTime;
}

/** All services besides `@connections`. */
export function servicesOf(deployment: Deployment, options: ServicesOptions): Services {
  const { functions, queues, secretStore, guard, iam, report, dynamodbUrl, time } = options;
  const { stack } = deployment;
  const secrets = { secretStore, place: stack, guard: guard("secretsmanager"), report, now: time.now };
  return {
    dynamodb: dynamodbService(dynamodbUrl),
    lambda: lambdaService({ ...stack, functions, guard: guard("lambda") }),
    secretsmanager: secretsManagerService(secrets),
    events: eventBridgeService({
      ...{ functions, queues, iam, report, now: time.now },
      stack: () => deployment.stack,
      guard: guard("events"),
    }),
  };
}

interface GuardSettings {
  readonly deployment: Deployment;
  readonly time: EmulatedTime;
  readonly report: Report;
}

/**
 * Checks signatures against the emulated time, even if the emulator has another clock, because functions sign with the
 * emulated time. Follows updates of the stack.
 */
export function guardOf(service: string, { deployment, time, report }: GuardSettings): Guard {
  if (!deployment.principals) return allowAll;
  return createGuard({
    service,
    region: deployment.stack.region,
    get principals() {
      return deployment.principals?.all ?? [];
    },
    now: time.now,
    movedBy: time.movedBy,
    report,
  });
}
