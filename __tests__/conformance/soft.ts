import type { Test } from "mocha";
import { isAws } from "./target.ts";

/** A failed test of a soft rule, which does not fail the run. */
export interface SoftTest extends Test {
  softFault?: unknown;
}

/** Tests a rule that is assumed and was never observed on AWS. A failure on AWS is listed, and does not fail the run. */
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
