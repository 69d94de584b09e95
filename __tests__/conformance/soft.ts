import type { Test } from "mocha";
import { isAws } from "./target.ts";

/** A test of a soft rule that failed where that is no failure. */
export interface SoftTest extends Test {
  softFault?: unknown;
}

/** A rule that nobody has seen AWS keep, only believes. On AWS itself it may fail: it is listed, and the run goes on. */
export function soft(title: string, test: () => Promise<void>): void {
  it(`${title} [soft]`, async function () {
    try {
      await test();
    } catch (fault) {
      if (!isAws) throw fault;
      (this.test as SoftTest).softFault = fault;
    }
  });
}
