import type { Clock } from "./clock.ts";
import type { Log } from "./lambda/log.ts";

/**
 * Runs a call that belongs to one client, request or timer. Reports its error instead of throwing or rejecting, so that
 * it affects nothing else. The result tells whether the call succeeded.
 */
export type Contain = (task: string, call: () => unknown) => Promise<boolean>;

/** Most calls are frames, so this does without an async function, which takes more memory than a promise. */
export const containment =
  (report: (sentence: string) => void): Contain =>
  (task, call) => {
    const failed = (fault: unknown): boolean => {
      report(`The emulator failed to ${task}, and continues. ${reasonOf(fault)}`);
      return false;
    };
    try {
      return Promise.resolve(call()).then(succeeded, failed);
    } catch (fault) {
      return Promise.resolve(failed(fault));
    }
  };

const succeeded = (): boolean => true;

/** A clock whose calls cannot end the process. */
export const containedClock = ({ now, elapsed, after }: Clock, contain: Contain): Clock => ({
  now,
  elapsed,
  after: (milliseconds, call) => after(milliseconds, () => void contain("run a timer", call)),
});

/** A log that cannot fail. An entry that cannot be written is replaced by the reason. */
export function containedLog(log: Log): Log {
  return (entry) => {
    try {
      log(entry);
    } catch (fault) {
      try {
        log({ ...entry, level: "ERROR", message: `A log entry could not be written. ${reasonOf(fault)}` });
      } catch {
        // The log is the only place to report to.
      }
    }
  };
}

/**
 * A writer of lines that cannot fail. Reports the first failure, and the number of lost lines when it succeeds again.
 * `name` says what is written, such as "access log".
 */
export function containedLines(name: string, write: (line: string) => void, report: (sentence: string) => void) {
  let lost = 0;
  return (line: string): void => {
    try {
      write(line);
    } catch (fault) {
      lost += 1;
      if (lost === 1) report(`The ${name} cannot be written, and its lines are lost. ${reasonOf(fault)}`);
      return;
    }
    if (lost > 0) report(`The ${name} can be written again. ${lost} of its lines are lost.`);
    lost = 0;
  };
}

export const reasonOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));

/** Escapes control characters, such as those in the text of a client, before it is printed. */
export const printable = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
