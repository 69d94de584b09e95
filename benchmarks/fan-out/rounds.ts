import { median } from "../harness/measurement.ts";
import { startEnvironment } from "./lambda-process.ts";
import { type Said, type Saying, say } from "./message-run.ts";
import type { Compiled, Subject } from "./subjects.ts";
import type { Surroundings } from "./backing-services.ts";

/** What it takes to tell an audience of this size. Not numbers, where every function died of it. */
export interface Figures extends Pick<Said, "p50" | "p99" | "last"> {
  readonly subject: Subject["name"];
  readonly size: number;
  readonly cpuMicrosecondsPerRecipient: number;
  readonly recipientsPerSecond: number;
  readonly reads: number;
  readonly writes: number;
  /** The last words of the functions that died of it. */
  readonly deaths: readonly string[];
}

export interface RoundsOptions {
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** How many are told before anything is measured, and how many, at least, each time that it is. */
  readonly warmUpRecipients: number;
  readonly recipients: number;
}

/** Where and between whom. */
export interface Match extends Compiled {
  readonly surroundings: Surroundings;
}

type Player = Omit<Saying, "size">;

/** Measures the subjects in turn, round after round: what else the machine does meets all alike. Gives medians. */
export async function playRounds(
  { surroundings, subjects, player }: Match,
  { sizes, rounds, warmUpRecipients, recipients }: RoundsOptions,
): Promise<Figures[]> {
  const players = subjects.map((subject): Player => {
    return { surroundings, subject, environment: startEnvironment(player, surroundings.variables) };
  });
  const cases = sizes.flatMap((size) => players.map((one) => ({ ...one, size, all: newSample() })));
  try {
    const [size = 1] = sizes.slice(sizes.length / 2);
    for (const one of players) await sample({ ...one, size, all: newSample() }, warmUpRecipients);
    for (let round = 0; round < rounds; round += 1) {
      for (const one of cases) await sample(one, recipients);
    }
  } finally {
    for (const { environment } of players) await environment.stop();
  }
  return cases.map(figuresOf);
}

interface Sample {
  readonly said: Said[];
  readonly deaths: string[];
}

interface Case extends Player {
  readonly size: number;
  readonly all: Sample;
}

const newSample = (): Sample => ({ said: [], deaths: [] });

/** A death is a figure, too. */
async function sample({ all, ...one }: Case, recipients: number): Promise<void> {
  for (let told = 0; told < recipients; told += one.size) {
    try {
      all.said.push(await say(one));
    } catch (fault) {
      if (one.subject.name !== "textbook") throw fault;
      all.deaths.push((fault as Error).message);
    }
  }
}

function figuresOf({ subject, size, all: { said, deaths } }: Case): Figures {
  const of = (figure: (one: Said) => number): number => median(said.map(figure));
  return {
    subject: subject.name,
    size,
    cpuMicrosecondsPerRecipient: (of(({ cpuMilliseconds }) => cpuMilliseconds) / size) * 1_000,
    recipientsPerSecond: (size / of(({ last }) => last)) * 1_000,
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    last: of(({ last }) => last),
    reads: of(({ units }) => units.reads),
    writes: of(({ units }) => units.writes),
    deaths,
  };
}
