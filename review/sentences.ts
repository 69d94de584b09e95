import type { CodeChange } from "./code.ts";
import type { Cost } from "./cost.ts";
import type { Count } from "./counts.ts";
import type { Drift } from "./drift.ts";
import type { Caller } from "./nouns.ts";
import { joined, listed, type Phrase, say, sentenceCase, strong } from "./phrase.ts";
import type { Risk } from "./risks.ts";
import type { GatewayLoss, RouteChange, Sided } from "./routes.ts";
import type { SettingChange } from "./settings.ts";
import { type Difference, shownPhrase } from "./values.ts";

/** Beyond this many, a change of a setting tells how many it is of. */
const NAMED_MAX = 20;

export function riskPhrase({ called, address, kind, does, what, because }: Risk): Phrase {
  if (kind === "unprotected") return say`${sentenceCase(called)} (${address}) loses ${[what]}.`;
  const reason: Phrase = because.length > 0 ? say`, because ${listed(because)} cannot be changed in place` : [];
  return strong(say`${sentenceCase(called)} (${address}) is ${[does]}: ${[what]} will be lost${reason}.`);
}

export const gatewayPhrase = ({ called, does }: GatewayLoss): Phrase =>
  strong(say`${sentenceCase(called)} is ${[does]}: its connections end, and its URL with them.`);

export function routePhrase(route: RouteChange, call: Caller): Phrase {
  const { key, does, leadsTo, authorization, differences } = route;
  if (does === "removed") return say`${key} is removed; it led to ${callFunction(leadsTo.before, call)}.`;
  const open: Phrase = key === "$connect" ? say`, with the authorization ${authorization ?? "NONE"}` : [];
  if (does === "added") return say`${key} is added; it leads to ${callFunction(leadsTo.after, call)}${open}.`;
  const moves = [moved("leads to", leadsTo, call), moved("is authorized by", route.authorizer, call)].flat();
  return say`${key} is changed: ${joined([...moves, ...differences.map(differencePhrase)])}.`;
}

function moved(does: string, { before, after }: Sided, call: Caller): Phrase[] {
  if (before === after) return [];
  return [say`it ${[does]} ${callFunction(after, call)}, before ${callFunction(before, call)}`];
}

const callFunction = (reference: string | undefined, call: Caller): Phrase =>
  reference === undefined ? ["nothing"] : call(reference);

const differencePhrase = ({ path, before, after }: Difference): Phrase =>
  say`${path} ${shownPhrase(before)} → ${shownPhrase(after)}`;

export function codePhrase({ called, does, beforeBytes, afterBytes }: CodeChange): Phrase {
  const [before, after] = [bytes(beforeBytes), bytes(afterBytes)];
  if (does === "new") return say`${sentenceCase(called)} is new: ${after}.`;
  if (does === "removed") return say`${sentenceCase(called)} is removed: it was ${before}.`;
  const difference = beforeBytes === undefined || afterBytes === undefined ? undefined : afterBytes - beforeBytes;
  const sign = difference !== undefined && difference >= 0 ? "+" : "";
  return say`${sentenceCase(called)}: ${before} → ${after}${difference === undefined ? [] : say` (${[sign]}${difference})`}.`;
}

const bytes = (size: number | undefined): Phrase => (size === undefined ? ["an unknown size"] : say`${size} bytes`);

export function settingPhrase({ path, before, after, of, type }: SettingChange): Phrase {
  const places = of.length > NAMED_MAX ? say`${of.length} ${type}` : listed(of);
  return say`${path} of ${places}: ${shownPhrase(before)} → ${shownPhrase(after)}.`;
}

export function costPhrases({ before, after, lines, unpriced, date, region }: Cost): Phrase[] {
  const total =
    before === after ? say`${dollars(after)} a month, as before` : say`${dollars(before)} → ${dollars(after)} a month`;
  const notes = say`What stands idle, at prices of ${[date]} in ${[region]}; what is used is paid for beside it.`;
  return [
    strong([...total, "."]),
    ...lines.map((line) => say`${line.type}: ${dollars(line.before)} → ${dollars(line.after)}.`),
    ...(unpriced.length > 0 ? [say`Not in the price table: ${listed(unpriced)}.`] : []),
    notes,
  ];
}

const dollars = (amount: number): Phrase => [`$${amount.toFixed(2)}`];

export function driftPhrase({ address, does, differences }: Drift): Phrase {
  if (does === "deleted") return say`${address} was deleted.`;
  return say`${address} was changed: ${joined(differences.map(differencePhrase))}.`;
}

export const countPhrase = ({ action, type, count }: Count): Phrase => say`${action}: ${count} ${type}`;
