import { announcing } from "../chatops/announce.ts";
import { overFetch } from "../chatops/over-fetch.ts";
import type { Ports } from "../chatops/ports.ts";
import { fanningOut } from "./fan-out.ts";
import { chatOpsRules, newMessageId, newSuffix, now, ownService, pause, retentionDays, secretArn } from "./runtime.ts";
import { secret, secretsManager } from "./secret.ts";
import { confirmations } from "./table/confirmations.ts";
import { leases } from "./table/leases.ts";
import { messages } from "./table/messages.ts";
import { table } from "./table/table.ts";
import { trail } from "./table/trail.ts";

export interface ServiceRun {
  /** When the function will be ended, in epoch milliseconds. */
  readonly deadline: number;
  /** Takes the steps of a rotation, and what could not be said in `ops`. */
  readonly log: (line: object) => void;
}

const announcements = { ...fanningOut, messages: messages(table, { now, retentionDays }), newMessageId };

/** What the function of a service needs of its surroundings. */
export const chatOpsPorts = ({ deadline, log }: ServiceRun): Ports => ({
  rules: chatOpsRules(),
  secret: secret({ client: secretsManager, arn: secretArn() }),
  lease: leases(table, { service: ownService(), now, newId: newMessageId }),
  confirmations: confirmations(table, ownService()),
  trail: trail(table, newMessageId),
  announce: announcing(announcements, { deadline, onFault: (fault) => log({ unsaid: String(fault) }) }),
  http: overFetch,
  now,
  pause,
  newCode: newSuffix,
  begin: (step) => log({ step }),
});
