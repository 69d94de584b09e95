import { inTemporaryDirectory } from "../harness/bundle.ts";
import { startBackingServices } from "./backing-services.ts";
import { CPU_SHARE } from "./lambda-process.ts";
import { type Memory, measureMemory } from "./memory.ts";
import { type Comparison, type Figures, playRounds, type RoundsOptions } from "./rounds.ts";
import { bundleSubjects } from "./subjects.ts";
import { measureWarmLatency, type WarmLatency } from "./warm-latency.ts";

export interface FanOutOptions extends RoundsOptions {
  /** The sizes of audiences for which memory is measured. */
  readonly memorySizes: readonly number[];
  /** The least number of deliveries while memory is measured. */
  readonly memoryRecipients: number;
  /** For each, the latency of a function that has handled this number of messages. */
  readonly warmUps: readonly number[];
  readonly warmMessages: number;
}

export interface FanOutResults {
  readonly figures: readonly Figures[];
  readonly memory: readonly Memory[];
  readonly warm: readonly WarmLatency[];
}

/** Most messages go to a few people. */
const WARM_SIZE = 10;

/** Measures the delivery of a message to all members of a channel: by the chat, the textbook and the floor. */
export const benchFanOut = (options: FanOutOptions): Promise<FanOutResults> =>
  inTemporaryDirectory(async (directory) => {
    const bundled = await bundleSubjects(directory);
    const services = await startBackingServices([...new Set([...options.sizes, WARM_SIZE])]);
    try {
      return await measureAll({ ...bundled, services }, options);
    } finally {
      await services.stop();
    }
  });

async function measureAll(
  comparison: Comparison,
  { memorySizes, memoryRecipients, warmUps, warmMessages, ...options }: FanOutOptions,
): Promise<FanOutResults> {
  const figures = await playRounds(comparison, options);
  const memory: Memory[] = [];
  for (const subject of comparison.subjects.filter(({ name }) => name !== "floor")) {
    for (const size of memorySizes) {
      memory.push(await measureMemory(comparison, { subject, size, recipients: memoryRecipients }));
    }
  }
  const warm: WarmLatency[] = [];
  for (const warmUpMessages of warmUps) {
    const size = WARM_SIZE;
    warm.push(
      ...(await measureWarmLatency(comparison, { size, share: CPU_SHARE, warmUpMessages, messages: warmMessages })),
    );
  }
  return { figures, memory, warm };
}
