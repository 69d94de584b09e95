import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Memory, measureMemory } from "./memory.ts";
import { type Figures, playRounds, type RoundsOptions } from "./rounds.ts";
import { compileSubjects } from "./subjects.ts";
import { startSurroundings } from "./surroundings.ts";

export interface FanOutOptions extends RoundsOptions {
  /** How many are told while memory is watched. */
  readonly memoryRecipients: number;
}

export interface FanOutResults {
  readonly figures: readonly Figures[];
  readonly memory: readonly Memory[];
}

/** Measures what it takes to tell something to everybody in a channel: the chat, the textbook and the floor. */
export async function benchFanOut({ memoryRecipients, ...options }: FanOutOptions): Promise<FanOutResults> {
  const directory = await mkdtemp(join(tmpdir(), "benchmark-"));
  const compiled = await compileSubjects(directory);
  const surroundings = await startSurroundings(options.sizes);
  const match = { ...compiled, surroundings };
  try {
    const figures = await playRounds(match, options);
    const memory: Memory[] = [];
    for (const subject of compiled.subjects.filter(({ name }) => name !== "floor")) {
      for (const size of options.sizes)
        memory.push(await measureMemory(match, { subject, size, recipients: memoryRecipients }));
    }
    return { figures, memory };
  } finally {
    await surroundings.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
