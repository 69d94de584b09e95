import {
  codePhrase,
  costPhrases,
  countPhrase,
  driftPhrase,
  forgottenPhrase,
  gatewayPhrase,
  riskPhrase,
  routePhrase,
  settingPhrase,
} from "./change-phrases.ts";
import { totalsOf } from "./counts.ts";
import { eventPhrase } from "./event-rules.ts";
import { gainedPhrases, hiddenPhrases, lostPhrases } from "./permissions/permission-phrases.ts";
import { joinedWith, type Phrase, say, strong } from "./phrase.ts";
import { publicPhrase } from "./public-access.ts";
import type { Review } from "./review.ts";

/** A heading, and a sentence for each change. */
export interface Section {
  readonly title: string;
  readonly sentences: readonly Phrase[];
}

const NOT_REVIEWED = "Not reviewed";
const NOT_COMPARED = "Permissions not compared";
const FORGOTTEN = "No longer managed by Terraform";

/** A review in words. Sections about what the review cannot judge appear only if they have entries; all others always appear. */
export function sectionsOf(review: Review): Section[] {
  const { risks, gatewayLosses, routes, events, permissions, code, settings, cost, drift, counts, call } = review;
  const hidden = hiddenPhrases(permissions);
  const none = noneOf(review, hidden);
  const section = (title: string, sentences: readonly Phrase[], otherwise: string): Section => ({
    title,
    sentences: sentences.length > 0 ? sentences : [[otherwise]],
  });
  const some = (title: string, sentences: readonly Phrase[]): Section[] =>
    sentences.length > 0 ? [{ title, sentences }] : [];
  return [
    ...some(NOT_REVIEWED, review.unreviewed),
    ...some("Failed checks", review.failedChecks),
    section("Data at risk", risks.map(riskPhrase), "None."),
    section(
      "Routes",
      [...gatewayLosses.map(gatewayPhrase), ...routes.map((route) => routePhrase(route, call))],
      "No route changes.",
    ),
    ...some(
      "Events",
      events.map((change) => eventPhrase(change, call, cost.dollarsPerMillionEvents)),
    ),
    section("Permissions gained", gainedPhrases(permissions, call), none),
    section("Permissions lost", lostPhrases(permissions, call), none),
    ...some(
      "Public addresses",
      review.publicAddresses.map((one) => publicPhrase(one, call)),
    ),
    ...some(NOT_COMPARED, hidden),
    ...some(FORGOTTEN, review.forgotten.map(forgottenPhrase)),
    section("Code", code.map(codePhrase), "No code changes."),
    section("Settings", settings.map(settingPhrase), "No setting changes."),
    section("Cost at rest", costPhrases(cost), "None."),
    section("Changed outside of Terraform", drift.map(driftPhrase), "Nothing."),
    section("All changes, counted", counts.map(countPhrase), "No resource changes."),
  ];
}

/** If the review does not see everything, "None" is only true for what it compares. */
function noneOf({ unreviewed }: Review, hidden: readonly Phrase[]): string {
  const elsewhere = [...(hidden.length > 0 ? [NOT_COMPARED] : []), ...(unreviewed.length > 0 ? [NOT_REVIEWED] : [])];
  if (elsewhere.length === 0) return "None.";
  return `None among the permissions that were compared. See also: ${elsewhere.join(", ")}.`;
}

/** `1 to import, 2 to add, 3 to change, 0 to destroy`, in Terraform's wording. */
export function summaryOf({ counts, settings, unreviewed, invocations }: Review): Phrase {
  if ([counts, settings, unreviewed].every(({ length }) => length === 0)) return strong(["Nothing changes."]);
  const { add, change, destroy, ...others } = totalsOf(counts);
  const actions = invocations === 1 ? "action" : "actions";
  const parts = [
    ...(others.import > 0 ? [say`${others.import} to import`] : []),
    say`${add} to add`,
    say`${change} to change`,
    say`${destroy} to destroy`,
    ...(others.forget > 0 ? [say`${others.forget} to forget`] : []),
    ...(invocations > 0 ? [say`${invocations} ${[actions]} to invoke`] : []),
  ];
  return strong([...joinedWith(", ", parts), "."]);
}
