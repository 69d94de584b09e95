import { totalsOf } from "./counts.ts";
import { gainedPhrases, hiddenPhrases, lostPhrases } from "./permissions/words.ts";
import { type Phrase, say, strong } from "./phrase.ts";
import type { Review } from "./review.ts";
import {
  codePhrase,
  costPhrases,
  countPhrase,
  driftPhrase,
  gatewayPhrase,
  riskPhrase,
  routePhrase,
  settingPhrase,
} from "./sentences.ts";

/** A heading, and a sentence for each thing to know. */
export interface Section {
  readonly title: string;
  readonly sentences: readonly Phrase[];
}

/** A review in words. Every section is there, and says so where it has nothing to tell. */
export function sectionsOf(review: Review): Section[] {
  const { risks, gatewayLosses, routes, permissions, code, settings, cost, drift, counts, call } = review;
  const section = (title: string, sentences: readonly Phrase[], none: string): Section => ({
    title,
    sentences: sentences.length > 0 ? sentences : [[none]],
  });
  return [
    section("Data at risk", risks.map(riskPhrase), "None."),
    section(
      "Routes",
      [...gatewayLosses.map(gatewayPhrase), ...routes.map((route) => routePhrase(route, call))],
      "None changes.",
    ),
    section("Permissions gained", gainedPhrases(permissions, call), "None."),
    section("Permissions lost", lostPhrases(permissions, call), "None."),
    ...(permissions.hidden.length > 0
      ? [section("Permissions that cannot be compared", hiddenPhrases(permissions), "None.")]
      : []),
    section("Code", code.map(codePhrase), "None changes."),
    section("Settings", settings.map(settingPhrase), "None changes."),
    section("Cost at rest", costPhrases(cost), "None."),
    section("Changed outside of Terraform", drift.map(driftPhrase), "Nothing."),
    section("All changes, counted", counts.map(countPhrase), "Nothing changes."),
  ];
}

/** `2 to add, 3 to change, 0 to destroy`, as Terraform puts it. */
export function summaryOf({ counts }: Review): Phrase {
  if (counts.length === 0) return strong(["Nothing changes."]);
  const { add, change, destroy } = totalsOf(counts);
  return strong(say`${add} to add, ${change} to change, ${destroy} to destroy.`);
}
