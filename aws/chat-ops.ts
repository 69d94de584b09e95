import { emittingTrail, opsAnnouncer } from "../chatops/announce.ts";
import type { Ports } from "../chatops/ports.ts";
import type { Config } from "./config.ts";
import { emitter } from "./events/event-queue.ts";
import { fetchHttp } from "./http/fetch.ts";
import { handOver } from "./invoke-worker.ts";
import { newMessageId, newSuffix, now, pause } from "./runtime.ts";
import { secret, secretsManager } from "./secrets/secret.ts";
import { confirmations, leases, trail } from "./table/chat-ops.ts";
import { messages } from "./table/messages.ts";
import { tableOf } from "./table/table.ts";

type ChatOpsSettings = Pick<
  Config,
  "tableName" | "messageRetentionDays" | "fanOutFunction" | "eventsFunction" | "service" | "secretArn" | "chatOpsRules"
>;

/** The ports of the function of a service. `log` gets each step of a rotation, and faults that do not change its result. */
export function chatOpsPorts(config: ChatOpsSettings, log: (line: object) => void): Ports {
  const { service, secretArn, chatOpsRules, messageRetentionDays: retentionDays } = config;
  const table = tableOf(config);
  const emit = emitter(config);
  return {
    rules: chatOpsRules,
    secret: secret({ client: secretsManager, arn: secretArn }),
    lease: leases(table, { service, now, newId: newMessageId }),
    confirmations: confirmations(table, { service, newId: newMessageId }),
    trail: emittingTrail(trail(table, newMessageId), emit),
    announce: opsAnnouncer({
      messages: messages(table, { now, retentionDays }),
      handOver: handOver(config),
      newMessageId,
      emit,
      onFault: (fault) => log({ unsaid: String(fault) }),
    }),
    http: fetchHttp,
    now,
    pause,
    newCode: newSuffix,
    onStep: (step) => log({ step }),
    onFault: (fault) => log({ fault: fault instanceof Error ? fault.stack : fault }),
  };
}
