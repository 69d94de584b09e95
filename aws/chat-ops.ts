import { opsAnnouncer } from "../chatops/announce.ts";
import type { Ports } from "../chatops/ports.ts";
import { overFetch } from "./http/credential-api.ts";
import { byFetch } from "./http/fetch-transport.ts";
import { fanOutWorker } from "./invoke-worker.ts";
import { chatOpsRules, newMessageId, newSuffix, now, ownService, pause, retentionDays, secretArn } from "./runtime.ts";
import { secret, secretsManager } from "./secrets/secret.ts";
import { confirmations } from "./table/confirmations.ts";
import { leases } from "./table/leases.ts";
import { messages } from "./table/messages.ts";
import { table } from "./table/table.ts";
import { trail } from "./table/trail.ts";

/** The ports of the function of a service. `log` takes the steps of a rotation, and faults that do not change its result. */
export const chatOpsPorts = (log: (line: object) => void): Ports => ({
  rules: chatOpsRules(),
  secret: secret({ client: secretsManager, arn: secretArn() }),
  lease: leases(table, { service: ownService(), now, newId: newMessageId }),
  confirmations: confirmations(table, { service: ownService(), newId: newMessageId }),
  trail: trail(table, newMessageId),
  announce: opsAnnouncer({
    messages: messages(table, { now, retentionDays }),
    handOver: fanOutWorker(byFetch),
    newMessageId,
    onFault: (fault) => log({ unsaid: String(fault) }),
  }),
  http: overFetch,
  now,
  pause,
  newCode: newSuffix,
  onStep: (step) => log({ step }),
  onFault: (fault) => log({ fault: fault instanceof Error ? fault.stack : fault }),
});
