import type { Log } from "../lambda/log.ts";
import type { Observe, Report } from "./events.ts";

/** Undefined if there are no observers, so that no events are created. */
export function observeAll(observers: readonly (Observe | undefined)[]): Observe | undefined {
  const present = observers.filter((observe) => observe !== undefined);
  if (present.length < 2) return present[0];
  return (event) => {
    for (const observe of present) observe(event);
  };
}

/** A log whose entries are also events. */
export function observedLog(log: Log, observe: Observe | undefined): Log {
  if (!observe) return log;
  return (entry) => {
    log(entry);
    const { source, level, requestId, message } = entry;
    observe({ kind: "logged", source, level, requestId, message });
  };
}

export interface ReportOptions {
  readonly log: Log;
  readonly observe: Observe | undefined;
}

/** Logs explanations as errors of the emulator. A denial becomes one event of its own kind. */
export function reportTo({ log, observe }: ReportOptions): Report {
  const observed = observedLog(log, observe);
  return (message, denial) => {
    const timestamp = new Date().toISOString();
    const write = denial ? log : observed;
    write({ source: "emulator", timestamp, level: "ERROR", requestId: undefined, message });
    if (denial) observe?.({ kind: "denied", ...denial });
  };
}
