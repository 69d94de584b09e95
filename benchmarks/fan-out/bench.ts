import { inTemporaryDirectory } from "../harness/temporary-directory.ts";
import { type Memory, measureMemory } from "./memory.ts";
import { type Figures, type Match, playRounds, type RoundsOptions } from "./rounds.ts";
import { compileSubjects } from "./subjects.ts";
import { startSurroundings } from "./backing-services.ts";

export interface FanOutOptions extends RoundsOptions {
  /** How many are told while memory is watched. */
  readonly memoryRecipients: number;
}

export interface FanOutResults {
  readonly figures: readonly Figures[];
  readonly memory: readonly Memory[];
}

/** Measures what it takes to tell something to everybody in a channel: the chat, the textbook and the floor. */
export const benchFanOut = (options: FanOutOptions): Promise<FanOutResults> =>
  inTemporaryDirectory(async (directory) => {
    const compiled = await compileSubjects(directory);
    const surroundings = await startSurroundings(options.sizes);
    try {
      return await measureAll({ ...compiled, surroundings }, options);
    } finally {
      await surroundings.stop();
    }
  });

async function measureAll(match: Match, { memoryRecipients, ...options }: FanOutOptions): Promise<FanOutResults> {
  const figures = await playRounds(match, options);
  const memory: Memory[] = [];
  for (const subject of match.subjects.filter(({ name }) => name !== "floor")) {
    for (const size of options.sizes) {
      memory.push(await measureMemory(match, { subject, size, recipients: memoryRecipients }));
    }
  }
  return { figures, memory };
}
