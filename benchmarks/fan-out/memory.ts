import { startEnvironment } from "./lambda-process.ts";
import type { Match } from "./rounds.ts";
import { say } from "./message-run.ts";
import type { Subject } from "./subjects.ts";

/** What a function holds at most while it tells audiences of this size, from its cold start on. */
export interface Memory {
  readonly subject: Subject["name"];
  readonly size: number;
  readonly heapBytes: number;
  readonly residentBytes: number;
  /** The last words of a function that died of it. */
  readonly death?: string;
}

interface Remembering {
  readonly subject: Subject;
  readonly size: number;
  /** How many are told, at least. Alike for all sizes: what is new grows with what was done. */
  readonly recipients: number;
}

/** Has some messages said by a new process: memory that an earlier audience took would be taken for this one's. */
export async function measureMemory({ surroundings, player }: Match, one: Remembering): Promise<Memory> {
  const { subject, size, recipients } = one;
  const environment = startEnvironment(player, surroundings.variables);
  const peak = { subject: subject.name, size, heapBytes: 0, residentBytes: 0 };
  try {
    for (let told = 0; told < recipients; told += size) {
      const said = await say({ surroundings, environment, subject, size, watchesMemory: true });
      peak.heapBytes = Math.max(peak.heapBytes, said.heapBytes);
      peak.residentBytes = Math.max(peak.residentBytes, said.residentBytes);
    }
    return peak;
  } catch (fault) {
    if (subject.name !== "textbook") throw fault;
    return { ...peak, death: (fault as Error).message };
  } finally {
    await environment.stop();
  }
}
