import { expect } from "chai";
import fc from "fast-check";
import { evaluate } from "../../src/iam/evaluate.ts";
import { parsePolicy } from "../../src/iam/policy.ts";
import { cases } from "./second-evaluator/arbitraries.ts";
import { secondDecision } from "./second-evaluator/evaluator.ts";

/**
 * Compares the evaluator of the emulator with one that was written from the documentation of AWS alone. Where the
 * documentation says nothing, or two pages differ, the generated policies and requests have no such case:
 *
 * - Wildcards and `${` in the value of a variable, a colon in it, an empty value, and spaces within `${ }`.
 * - `${*}`, `${?}` and `${$}` in a policy without version 2012-10-17.
 * - Variables in Bool conditions, which one page allows and another does not, and before the fifth colon of a resource.
 * - Whether a `*` within the sixth segment of a resource's ARN, or a `?` in it, matches a colon.
 * - A key with several values and an operator without ForAllValues or ForAnyValue.
 * - An empty string among several values, and an empty string with IfExists.
 * - A request whose value has another type than the operator, and policy values that IAM rejects.
 * - Numbers with more than 15 digits, an exponent or a plus sign; a year alone, which could be epoch seconds; times without
 *   a time zone; CIDR blocks in which bits after the prefix are set; IPv6 addresses without a prefix, and IPv4 addresses in
 *   IPv6 notation.
 * - ARN patterns with fewer than six segments, and requests with a value that is not an ARN.
 * - Strings with IgnoreCase whose letters have no simple counterpart in the other case, such as "ß". TRUE and FALSE.
 * - Condition keys that differ only by case in a request, and ForAllValues:Null.
 */
const SEED = Number(process.env.FC_SEED ?? 4);
const RUNS = Number(process.env.FC_RUNS ?? 10_000);

describe(`iam/second-evaluator (FC_SEED=${SEED} FC_RUNS=${RUNS})`, () => {
  it("decides generated requests as the evaluator of the emulator does, of which many are allowed or denied", () => {
    const counts = { allowed: 0, "explicit-deny": 0, "not-granted": 0 };
    const property = fc.property(cases, ({ policies, request }) => {
      const decision = evaluate(policies.flatMap(parsePolicy), request);
      expect(decision).to.equal(secondDecision(policies, request));
      counts[decision] += 1;
    });
    fc.assert(property, { seed: SEED, numRuns: RUNS });
    expect(counts.allowed).to.be.within(0.4 * RUNS, 0.6 * RUNS);
    expect(counts["explicit-deny"]).to.be.above(0.05 * RUNS);
  });
});
