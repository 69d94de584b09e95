import type { CodeChange } from "./code.ts";
import type { Cost } from "./cost.ts";
import type { Count } from "./counts.ts";
import type { Drift, Forgotten } from "./drift.ts";
import type { Caller } from "./nouns.ts";
import { joined, listed, type Phrase, say, sentenceCase, strong } from "./phrase.ts";
import type { Risk } from "./risks.ts";
import type { GatewayLoss, RouteChange, Sided } from "./routes.ts";
import type { SettingChange } from "./settings.ts";
import { type Difference, shownPhrase } from "./values.ts";

/** If more resources than this have the same change of a setting, the review shows their number instead of their names. */
const NAMED_MAX = 20;

export function riskPhrase({ called, kind, does, effect, because }: Risk): Phrase {
  const subject = sentenceCase(called);
  if (kind === "unprotected") return say`${subject} loses ${effect}.`;
  const reason: Phrase = because.length > 0 ? say`, because ${listed(because)} cannot be changed in place` : [];
  if (kind === "lost") return strong(say`${subject} is ${[does]}: ${effect}${reason}.`);
  return strong(
    say`${subject} is replaced by a new one that starts empty${reason}. The old one stays in AWS with ${effect}, unmanaged.`,
  );
}

export const forgottenPhrase = ({ called, isReplaced }: Forgotten): Phrase => {
  const replaced = isReplaced ? " Terraform creates a new one in its place." : "";
  return say`${sentenceCase(called)} stays in AWS as it is, and Terraform stops managing it.${[replaced]}`;
};

export const gatewayPhrase = ({ called, does }: GatewayLoss): Phrase =>
  does === "replaced and forgotten"
    ? strong(
        say`${sentenceCase(called)} is replaced by a new one with another URL. The old one stays in AWS, unmanaged.`,
      )
    : strong(say`${sentenceCase(called)} is ${[does]}: its connections are closed, and its URL stops working.`);

export function routePhrase(route: RouteChange, call: Caller): Phrase {
  const { key, does, leadsTo, authorization, differences } = route;
  if (does === "removed") return say`${key} is removed; it led to ${callFunction(leadsTo.before, call)}.`;
  const open: Phrase = key === "$connect" ? say`, with the authorization type ${authorization ?? "NONE"}` : [];
  if (does === "added") return say`${key} is added; it leads to ${callFunction(leadsTo.after, call)}${open}.`;
  const moves = [
    moved("it leads to", leadsTo, call),
    moved("it is authorized by", route.authorizer, call),
    moved("its authorizer leads to", route.authorizerLeadsTo, call),
  ].flat();
  return say`${key} is changed: ${joined([...moves, ...differences.map(differencePhrase)])}.`;
}

function moved(does: string, { before, after }: Sided, call: Caller): Phrase[] {
  if (before === after) return [];
  return [say`${[does]} ${callFunction(after, call)} instead of ${callFunction(before, call)}`];
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

export function settingPhrase({ path, before, after, of, type, described }: SettingChange): Phrase {
  const places = of.length > NAMED_MAX ? say`${of.length} ${type}` : listed(of);
  const meaning = described ? say` This is the setting ${described.setting}: ${[described.meaning]}.` : [];
  return say`${path} of ${places}: ${shownPhrase(before)} → ${shownPhrase(after)}.${meaning}`;
}

export function costPhrases({ before, after, lines, unpriced, date, region }: Cost): Phrase[] {
  const total =
    before === after ? say`${dollars(after)} a month, as before` : say`${dollars(before)} → ${dollars(after)} a month`;
  const notes = say`Without any use, at the prices of ${[date]} in ${[region]}. Usage is charged in addition.`;
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

export function countPhrase({ action, isImported, type, count }: Count): Phrase {
  const imported = action === "no-op" ? "import" : `import and ${action}`;
  return say`${isImported ? imported : action}: ${count} ${type}`;
}
