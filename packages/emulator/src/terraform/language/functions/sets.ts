import type { TerraformFunction } from "../terraform-function.ts";
import { convertAll } from "../type-constraints.ts";
import { EvaluationFault, equal, isSet, type Result, setOf, toList } from "../values.ts";

const has = (values: readonly Result[], value: Result): boolean => values.some((each) => equal(each, value));

function intersection([first, ...others]: readonly Result[]): Result {
  if (first === undefined) throw new EvaluationFault("It requires at least 1 argument.");
  return setOf(toList(first).filter((value) => others.every((other) => has(toList(other), value))));
}

/** All combinations of one element of each list. The result is a set if all arguments are sets. */
function product(args: readonly Result[]): Result {
  const combinations = args
    .map(toList)
    .reduce<readonly (readonly Result[])[]>(
      (found, values) => found.flatMap((combination) => values.map((value) => [...combination, value])),
      [[]],
    );
  return args.every(isSet) ? setOf(combinations) : combinations;
}

/** https://developer.hashicorp.com/terraform/language/functions/toset and the functions of sets */
export const setFunctions: Readonly<Record<string, TerraformFunction>> = {
  setintersection: intersection,
  setproduct: product,
  setsubtract: ([from = [], removed = []]) => setOf(toList(from).filter((value) => !has(toList(removed), value))),
  setunion: (args) => setOf(args.flatMap(toList)),
  toset: ([values = []]) => setOf(convertAll(toList(values), "common")),
};
