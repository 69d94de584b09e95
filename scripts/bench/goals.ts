import type { ColdStart } from "../../benchmarks/cold-start/bench.ts";
import type { FanOutResults } from "../../benchmarks/fan-out/bench.ts";
import type { Figures } from "../../benchmarks/fan-out/rounds.ts";
import type { WarmLatency } from "../../benchmarks/fan-out/warm-latency.ts";
import { type Chapter, table, thousands } from "../docs/markdown.ts";

export interface GoalResults extends FanOutResults {
  readonly cold: readonly ColdStart[];
}

interface Goal {
  readonly figure: string;
  /** The goal is met if the reached value is not higher. */
  readonly goal: number;
  readonly reached: number;
}

/** The goals for one message, and what this run has reached. */
export const goalsChapter = (results: GoalResults): Chapter => {
  const goals = [...coldGoals(results.cold), ...cpuGoals(results.figures), ...warmGoals(results.warm)];
  const all = [...goals, ...tableGoals(results.figures)];
  return { tables: { goals: table(["figure", "goal", "reached", "met"], all.map(rowOf)) }, figures: all };
};

const rowOf = ({ figure, goal, reached }: Goal): string[] => [
  figure,
  shown(goal),
  shown(reached),
  Number(shown(reached).replaceAll(",", "")) <= goal ? "yes" : "no",
];

const shown = (value: number): string => (value >= 1_000 ? thousands(value) : String(Number(value.toFixed(2))));

/** The names of the functions, by the names of their files. */
const ROUTES: Readonly<Record<string, string>> = { connect: "$connect", "send-message": "sendmessage" };

const coldGoals = (cold: readonly ColdStart[]): Goal[] => {
  const of = (entry: string, by: ColdStart["by"]) => found(cold, (one) => one.entry === entry && one.by === by);
  return [
    ...Object.entries(ROUTES).map(([entry, route]) => ({
      figure: `cold start of \`${route}\`, of the textbook's`,
      goal: 0.35,
      reached: of(entry, "chat").totalMilliseconds / of(entry, "textbook").totalMilliseconds,
    })),
    ...Object.entries(ROUTES).map(([entry, route]) => ({
      figure: `bytes of the bundle of \`${route}\``,
      goal: 120_000,
      reached: of(entry, "chat").bytes,
    })),
  ];
};

const OF_TEXTBOOK: Readonly<Record<number, number>> = { 1: 0.35, 10: 0.25, 100: 0.16 };
const OF_FLOOR: Readonly<Record<number, number>> = { 1000: 2.5, 10000: 2 };

const cpuGoals = (figures: readonly Figures[]): Goal[] => {
  const ratio = (size: number, other: Figures["subject"]): number =>
    figuresOf(figures, "chat", size).cpuMicrosecondsPerRecipient /
    figuresOf(figures, other, size).cpuMicrosecondsPerRecipient;
  return [
    ...Object.entries(OF_TEXTBOOK).map(([size, goal]) => ({
      figure: `CPU per message to ${size}, of the textbook's`,
      goal,
      reached: ratio(Number(size), "textbook"),
    })),
    ...Object.entries(OF_FLOOR).map(([size, goal]) => ({
      figure: `CPU per recipient of ${thousands(Number(size))}, of the floor's`,
      goal,
      reached: ratio(Number(size), "floor"),
    })),
  ];
};

const WARM_GOAL = 0.25;

const warmGoals = (warm: readonly WarmLatency[]): Goal[] =>
  warm
    .filter(({ subject }) => subject === "chat")
    .flatMap((own) => {
      const { size, warmUpMessages } = own;
      const textbook = found(warm, (one) => one.subject === "textbook" && one.warmUpMessages === warmUpMessages);
      return (["first", "last"] as const).map((push) => ({
        figure: `${push} push to ${size} by a function that has handled ${warmUpMessages} messages, of the textbook's`,
        goal: WARM_GOAL,
        reached: own[push] / textbook[push],
      }));
    });

const SMALL = 10;
const REQUESTS_IN_A_ROW = 2;
const LARGER = 100;
const READ_UNITS = 2;

const tableGoals = (figures: readonly Figures[]): Goal[] => [
  {
    figure: "requests to the table before the first push, one after the other",
    goal: REQUESTS_IN_A_ROW,
    reached: figuresOf(figures, "chat", SMALL).requestsInARow,
  },
  {
    figure: `read units of a message to ${LARGER}`,
    goal: READ_UNITS,
    reached: figuresOf(figures, "chat", LARGER).reads,
  },
];

const figuresOf = (all: readonly Figures[], subject: Figures["subject"], size: number): Figures =>
  found(all, (one) => one.subject === subject && one.size === size);

function found<Value>(values: readonly Value[], matches: (value: Value) => boolean): Value {
  const value = values.find(matches);
  if (value === undefined) throw new Error("The benchmark has not measured a figure that has a goal.");
  return value;
}
