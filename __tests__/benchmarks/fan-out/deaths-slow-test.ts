import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { measureMemory } from "../../../benchmarks/fan-out/memory.ts";
import { type Comparison, playRounds } from "../../../benchmarks/fan-out/rounds.ts";
import type { Subject } from "../../../benchmarks/fan-out/subjects.ts";
import { bundle } from "../../../benchmarks/harness/bundle.ts";

const ROUNDS = { sizes: [1], rounds: 2, warmUpRecipients: 1, recipients: 1, messagesMax: 1, warmUpMessages: 1 };

/** A subject whose function exits during each invocation. */
async function comparisonWith(name: Subject["name"]): Promise<Comparison> {
  const directory = temporaryDirectory();
  const [host] = await bundle({ folder: "benchmarks/fan-out", entries: ["lambda-host"] }, directory);
  const path = join(directory, "dying.mjs");
  writeFileSync(path, 'export const handler = async () => { console.error("out of memory"); process.exit(3); };');
  const sendMessage = () => ({ bundle: path, event: {}, tableName: "" });
  return {
    host,
    subjects: [{ name, sendMessage, resume: sendMessage }],
    services: {
      variables: {},
      received: async () => ({ pushes: {}, events: [] }),
      tableUse: async () => ({ units: { reads: 0, writes: 0 }, requests: [] }),
      addMember: async () => undefined,
      stop: async () => undefined,
    },
  };
}

describe("a measured function that dies", () => {
  it("is a result of the textbook, with its standard error, and the next message starts a new process", async () => {
    const [figures] = await playRounds(await comparisonWith("textbook"), ROUNDS);
    expect(figures?.deaths.map((death) => /exited with 3 .*out of memory/s.test(death))).to.deep.equal([true, true]);
    expect(figures?.cpuMicrosecondsPerRecipient).to.deep.equal(Number.NaN);
  });

  it("is a result of the measurement of memory", async () => {
    const comparison = await comparisonWith("textbook");
    const [subject] = comparison.subjects as [Subject];
    expect((await measureMemory(comparison, { subject, size: 1, recipients: 1 })).death).to.contain("out of memory");
  });

  it("ends the benchmark if it is a function of the chat", async () => {
    expect(await rejection(playRounds(await comparisonWith("chat"), ROUNDS))).to.contain("exited with 3");
  });
});
