import { chmodSync, openSync, readFileSync, writeSync } from "node:fs";
import { containedLines, reasonOf } from "../boundary.ts";
import type { Observe } from "../inspector/events.ts";
import { parseRecording, recorder } from "../inspector/recording.ts";
import type { Emulator } from "../start.ts";
import { replay } from "../testing/replay.ts";

export interface SessionFile {
  readonly observe: Observe;
  /** Later events are not recorded, such as the closes when the emulator stops. */
  stop(): void;
}

/**
 * Records a session to a file, which replaces an existing one. Only its owner can read it, because handshakes can contain
 * tokens. Throws if the file cannot be opened.
 */
export function recordTo(path: string): SessionFile {
  const file = openFor(path);
  const write = (line: string) => void writeSync(file, `${line}\n`);
  const record = recorder(containedLines("recording", write, (sentence) => console.error(sentence)));
  let isStopped = false;
  return {
    observe(event) {
      if (!isStopped) record(event, Date.now());
    },
    stop() {
      isStopped = true;
    },
  };
}

function openFor(path: string): number {
  try {
    const file = openSync(path, "w", 0o600);
    // The mode has no effect on a file that exists.
    chmodSync(path, 0o600);
    return file;
  } catch (fault) {
    throw new Error(
      `The session cannot be recorded to ${path}: ${reasonOf(fault)}. Pass a file in an existing folder with --record.`,
      { cause: fault },
    );
  }
}

/** Reads a recording. Throws if the file cannot be read, or is not a recording. */
export function readSession(path: string): string {
  try {
    const text = readFileSync(path, "utf8");
    parseRecording(text);
    return text;
  } catch (fault) {
    throw new Error(`The session cannot be replayed from ${path}. ${reasonOf(fault)}`, { cause: fault });
  }
}

/** Replays a session and prints the differences. The exit code of the process is 1 if there are any, or if it is interrupted. */
export async function replaySession(emulator: Emulator, recording: string, ids: RegExp | undefined): Promise<void> {
  process.exitCode = 1;
  const { frames, differences } = await replay(emulator, recording, { ids });
  for (const difference of differences) console.log(`${difference}\n`);
  console.log(`Replayed the session. Frames of the server: ${frames}. Differences: ${differences.length}.`);
  if (differences.length === 0) process.exitCode = 0;
}
