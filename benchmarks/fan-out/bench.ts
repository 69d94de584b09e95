import { inTemporaryDirectory } from "../harness/bundle.ts";
import { startBackingServices } from "./backing-services.ts";
import { type Memory, measureMemory } from "./memory.ts";
import { type Comparison, type Figures, playRounds, type RoundsOptions } from "./rounds.ts";
import { bundleSubjects } from "./subjects.ts";

export interface FanOutOptions extends RoundsOptions {
  /** The sizes of audiences for which memory is measured. */
  readonly memorySizes: readonly number[];
  /** The least number of deliveries while memory is measured. */
  readonly memoryRecipients: number;
}

export interface FanOutResults {
  readonly figures: readonly Figures[];
  readonly memory: readonly Memory[];
}

/** Measures the delivery of a message to all members of a channel: by the chat, the textbook and the floor. */
export const benchFanOut = (options: FanOutOptions): Promise<FanOutResults> =>
  inTemporaryDirectory(async (directory) => {
    const bundled = await bundleSubjects(directory);
    const services = await startBackingServices(options.sizes);
    try {
      return await measureAll({ ...bundled, services }, options);
    } finally {
      await services.stop();
    }
  });

async function measureAll(
  comparison: Comparison,
  { memorySizes, memoryRecipients, ...options }: FanOutOptions,
): Promise<FanOutResults> {
  const figures = await playRounds(comparison, options);
  const memory: Memory[] = [];
  for (const subject of comparison.subjects.filter(({ name }) => name !== "floor")) {
    for (const size of memorySizes) {
      memory.push(await measureMemory(comparison, { subject, size, recipients: memoryRecipients }));
    }
  }
  return { figures, memory };
}
