import { ManualClock } from "@serverless-chat/emulator/testing/manual-clock";
import { fetchHttp } from "../../../aws/http/fetch.ts";
import type { AuditEntry, Ports } from "../../../chatops/ports.ts";
import { type PendingConfirmation, RULES } from "../../../chatops/rules.ts";
import { type MemorySecret, memorySecret } from "./memory-secret.ts";
import type { ServiceStandIn, StartService } from "./service-stand-in.ts";
import { inProcess } from "./stand-in.ts";

/** Ports of one service's function, in memory, with records of their calls. */
export interface Desk {
  readonly ports: Ports;
  readonly secret: MemorySecret;
  readonly entries: AuditEntry[];
  readonly announced: string[];
  readonly begun: string[];
  readonly faults: unknown[];
  readonly clock: ManualClock;
}

/** `replaced` overrides ports. */
export function aDesk(credential?: object, replaced: Partial<Ports> = {}): Desk {
  const clock = new ManualClock();
  const secret = memorySecret(credential);
  const waiting = new Map<string, PendingConfirmation>();
  const [entries, announced, begun]: [AuditEntry[], string[], string[]] = [[], [], []];
  const faults: unknown[] = [];
  let isTaken = false;
  let codes = 0;
  const ports: Ports = {
    rules: RULES,
    secret,
    lease: {
      async take() {
        if (isTaken) return undefined;
        isTaken = true;
        return async () => {
          isTaken = false;
        };
      },
    },
    confirmations: {
      put: async (unconfirmed) => void waiting.set(unconfirmed.code, unconfirmed),
      get: async (code) => waiting.get(code),
      take: async ({ code }) => waiting.delete(code),
    },
    trail: { add: async (entry) => void entries.push(entry) },
    announce: async (sentence) => void announced.push(sentence),
    http: fetchHttp,
    now: clock.now,
    pause: async (milliseconds) => clock.advance(milliseconds),
    newCode() {
      codes += 1;
      return `k3v9z${codes}`;
    },
    onStep: (step) => void begun.push(step),
    onFault: (fault) => void faults.push(fault),
    ...replaced,
  };
  return { ports, secret, entries, announced, begun, faults, clock };
}

/** A service's stand-in in this process, and the desk whose requests reach it. */
export async function aDeskInProcess(start: StartService): Promise<{ standIn: ServiceStandIn; desk: Desk }> {
  const { open, http } = inProcess();
  const standIn = await start({ open });
  return { standIn, desk: aDesk(standIn.credential, { http }) };
}
