import { containedLog } from "../boundary.ts";
import type { Log } from "../lambda/log.ts";
import type { Observe, Report } from "./events.ts";
import { History } from "./history.ts";

export interface ObservationOptions {
  readonly log?: Log;
  readonly observe?: Observe;
  /** Whether a history is kept. */
  readonly inspector?: boolean;
}

/** The observers of an emulator, and the log and reports that notify them. */
export interface Observation {
  readonly history: History | undefined;
  readonly observe: Observe | undefined;
  readonly log: Log;
  readonly report: Report;
}

export function observation({ inspector, ...options }: ObservationOptions): Observation {
  const history = inspector ? new History(Date.now) : undefined;
  const observe = observeAll([history?.observe, options.observe]);
  const log = containedLog(options.log ?? (() => undefined));
  return { history, observe, log: observedLog(log, observe), report: reportTo(log, observe) };
}

/** Undefined if there are no observers, so that no events are created. */
function observeAll(observers: readonly (Observe | undefined)[]): Observe | undefined {
  const present = observers.filter((observe) => observe !== undefined);
  if (present.length < 2) return present[0];
  return (event) => {
    for (const observe of present) observe(event);
  };
}

/** A log whose entries are also events. */
function observedLog(log: Log, observe: Observe | undefined): Log {
  if (!observe) return log;
  return (entry) => {
    log(entry);
    const { source, level, requestId, message } = entry;
    observe({ kind: "logged", source, level, requestId, message });
  };
}

/** Logs explanations as errors of the emulator. A denial becomes one event of its own kind. */
function reportTo(log: Log, observe: Observe | undefined): Report {
  const observed = observedLog(log, observe);
  return (message, denial) => {
    const timestamp = new Date().toISOString();
    const write = denial ? log : observed;
    write({ source: "emulator", timestamp, level: "ERROR", requestId: undefined, message });
    if (denial) observe?.({ kind: "denied", ...denial });
  };
}
