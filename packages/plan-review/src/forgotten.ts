import { calledAt } from "./nouns.ts";
import type { Phrase } from "./phrase.ts";
import { isForgotten, isReplaced, type Plan } from "./plan.ts";
import type { Sides } from "./resource-states.ts";

/** A resource that stays in AWS while Terraform stops managing it. */
export interface Forgotten {
  readonly called: Phrase;
  /** Whether Terraform creates another one in its place. */
  readonly isReplaced: boolean;
}

export const forgottenIn = ({ resource_changes }: Plan, { before }: Sides): Forgotten[] =>
  resource_changes
    .filter(({ change }) => isForgotten(change))
    .flatMap(({ address, change }) =>
      before
        .filter((state) => state.address === address)
        .slice(-1)
        .map((state) => ({ called: calledAt(state), isReplaced: isReplaced(change) })),
    );
