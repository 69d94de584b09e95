import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compile } from "../../../benchmarks/harness/bundle.ts";
import { measureMemory } from "../../../benchmarks/fan-out/memory.ts";
import { type Match, playRounds } from "../../../benchmarks/fan-out/rounds.ts";
import type { Subject } from "../../../benchmarks/fan-out/subjects.ts";
import { rejection } from "../../support/rejection.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const ROUNDS = { sizes: [1], rounds: 2, warmUpRecipients: 1, recipients: 1 };

/** A function that dies of what it is given to do. */
async function aMatch(name: Subject["name"]): Promise<Match> {
  const directory = temporaryDirectory();
  const [player] = await compile({ folder: "benchmarks/fan-out", entries: ["function"] }, directory);
  const bundle = join(directory, "dying.mjs");
  writeFileSync(bundle, 'export const handler = async () => { console.error("no more"); process.exit(3); };');
  const say = () => ({ bundle, event: {}, tableName: "" });
  return {
    player,
    subjects: [{ name, say, resume: say }],
    surroundings: {
      variables: {},
      received: async () => ({ pushes: {}, events: [] }),
      units: async () => ({ reads: 0, writes: 0 }),
      letIn: async () => undefined,
      stop: async () => undefined,
    },
  };
}

describe("the death of a function under measurement", () => {
  it("is a figure of the textbook's, with its last words, and the next message has a new one", async () => {
    const [figures] = await playRounds(await aMatch("textbook"), ROUNDS);
    expect(figures?.deaths.map((words) => /ended with 3 .*no more/s.test(words))).to.deep.equal([true, true]);
    expect(figures?.cpuMicrosecondsPerRecipient).to.deep.equal(Number.NaN);
  });

  it("is a figure of its memory, too", async () => {
    const match = await aMatch("textbook");
    const [subject] = match.subjects as [Subject];
    expect((await measureMemory(match, { subject, size: 1, recipients: 1 })).death).to.contain("no more");
  });

  it("ends the benchmark where it is the chat's", async () => {
    expect(await rejection(playRounds(await aMatch("chat"), ROUNDS))).to.contain("ended with 3");
  });
});
