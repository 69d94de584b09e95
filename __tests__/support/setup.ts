/* Mocha loads this file before the tests: once, and once more in each of its workers when files run in parallel. */

import { stopCoverage, takeCoverage } from "node:v8";
import type { Context } from "mocha";

let isMeasuring = process.env.MOCHA_WORKER_ID !== undefined && process.env.NODE_V8_COVERAGE !== undefined;

// The SDK warns about Node versions that it will stop supporting. The functions run on Lambda's Node, not on this one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

// Mocha gives a worker one second to exit, and then sends SIGTERM. Writing the coverage can take longer, and must finish.
if (process.env.MOCHA_WORKER_ID !== undefined) process.on("SIGTERM", () => process.exit());

// The commands that tests start are not measured: they load the same modules, and writing their coverage takes longer than
// some of them run.
if (process.env.MOCHA_WORKER_ID !== undefined) delete process.env.NODE_V8_COVERAGE;

const cleanups: (() => Promise<void>)[] = [];

/**
 * Registers a cleanup for what several files share. A hook at the top level of a module would run after the first file
 * only, because a worker loads the module once. With --parallel it runs after each file, otherwise after all of them.
 */
export function afterTests(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup);
}

/**
 * The tests that `npm test` runs first, and that the coverage measures: those of single modules. Tests of the whole chat
 * run the same code again, up to a quarter slower if it is measured.
 */
const OF_MODULES =
  /\/(__tests__\/(authentication|aws|chat|chatops|client|handlers|infra)|packages\/(client|plan-review))\/(?!.*(storm|faults)-test)/;

/** Ends the measurement in this worker. It cannot be resumed: a later test of a module would not count. */
function stopMeasuring(): void {
  isMeasuring = false;
  takeCoverage();
  stopCoverage();
}

export const mochaHooks = {
  beforeAll(this: Context): void {
    const file = this.test?.parent?.suites[0]?.file;
    if (isMeasuring && file !== undefined && !OF_MODULES.test(file)) stopMeasuring();
  },
  async afterAll(): Promise<void> {
    for (const cleanup of cleanups) await cleanup();
  },
};
