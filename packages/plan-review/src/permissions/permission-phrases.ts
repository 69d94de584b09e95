import type { Caller } from "../nouns.ts";
import { listed, type Phrase, say, sentenceCase, strong } from "../phrase.ts";
import { referred } from "../references.ts";
import { attachedPhrase, detachedPhrase, otherBoundaryPhrase } from "./attachment-phrases.ts";
import type { Attachment } from "./attachments.ts";
import { holdsWithoutKey, reachesWholeTable } from "./documents.ts";
import type { Permission, PermissionChanges } from "./permissions.ts";
import type { Condition, PolicyPattern } from "./statements.ts";
import type { Uncompared } from "./uncompared.ts";

/** A permission or a denial. Actions with otherwise equal permissions share one sentence. */
type Right = Omit<Permission, "action"> & {
  readonly actions: readonly PolicyPattern[];
  readonly isWholeTable: boolean;
};

const ANY = "*";

/** A new limit counts as lost access, and a removed limit as gained access. */
const LIMITS: readonly Attachment["kind"][] = [
  "boundary",
  "only inline policies",
  "only attached policies",
  "only holders",
  "only members",
];

const isLimit = ({ kind }: Attachment): boolean => LIMITS.includes(kind);
const isGrant = (attachment: Attachment): boolean => !isLimit(attachment);

export const gainedPhrases = ({ gained, attached, detached, lost }: PermissionChanges, call: Caller): Phrase[] => [
  ...attached.filter(isGrant).map((attachment) => attachedPhrase(attachment, call)),
  ...detached.filter(isLimit).flatMap((limit) => endedLimit(limit, attached, call)),
  ...rightsOf(gained, "Allow").map((right) => sentence(right, { verb: "gains", call })),
  ...rightsOf(lost, "Deny").map((right) => sentence(right, { verb: "is not denied", call })),
];

export const lostPhrases = ({ lost, attached, detached, gained }: PermissionChanges, call: Caller): Phrase[] => [
  ...detached.filter(isGrant).map((attachment) => detachedPhrase(attachment, call)),
  ...attached.filter(isLimit).map((limit) => attachedPhrase(limit, call)),
  ...rightsOf(lost, "Allow").map((right) => sentence(right, { verb: "loses", call })),
  ...rightsOf(gained, "Deny").map((right) => sentence(right, { verb: "is denied", call })),
];

/** A changed list of allowed policies is still a limit. A changed boundary may allow more. */
function endedLimit(limit: Attachment, attached: readonly Attachment[], call: Caller): Phrase[] {
  const next = attached.find(({ kind, who }) => kind === limit.kind && who === limit.who);
  if (!next) return [detachedPhrase(limit, call)];
  return limit.kind === "boundary" ? [otherBoundaryPhrase(limit, next.what, call)] : [];
}

export const hiddenPhrases = ({ hidden, uncompared }: PermissionChanges): Phrase[] => [
  ...hidden.map(({ address, attribute, why }) => [
    ...say`${attribute} of ${address} cannot be compared: it is `,
    why === "sensitive" ? "a sensitive value." : `${why}.`,
  ]),
  ...uncompared.map(uncomparedPhrase),
];

function uncomparedPhrase({ address, type, does, why, names }: Uncompared): Phrase {
  const read = say`Read its change in ${"terraform plan"}.`;
  const change = say`${address} (${[does]}) is not compared: `;
  if (why === "provider") return [...change, ...say`this review has no rules for the provider of ${type}. `, ...read];
  if (why === "type")
    return [...change, ...say`${type} can grant access, and this review has no rule for it. `, ...read];
  if (why === "account") return [...change, ...say`it refers to another account, ${listed(names)}. `, ...read];
  const them = names.length > 1 ? "them" : "it";
  return [...change, ...say`${listed(names)} can grant access, and this review has no rule for ${[them]}. `, ...read];
}

function rightsOf(permissions: readonly Permission[], effect: Permission["effect"]): Right[] {
  const rights = new Map<string, Right>();
  for (const { action, ...rest } of permissions.filter((permission) => permission.effect === effect)) {
    const right = { ...rest, isWholeTable: reachesWholeTable(action, rest.conditions) };
    const key = JSON.stringify(right);
    rights.set(key, { ...right, actions: [...(rights.get(key)?.actions ?? []), action] });
  }
  return [...rights.values()];
}

/** A policy allows actions; an identity may perform them. */
const VERBS = {
  gains: { identity: " may now ", policy: " now allows " },
  loses: { identity: " may no longer ", policy: " no longer allows " },
  "is denied": { identity: " is now denied ", policy: " now denies " },
  "is not denied": { identity: " is no longer denied ", policy: " no longer denies " },
} as const;

interface Saying {
  readonly verb: keyof typeof VERBS;
  readonly call: Caller;
}

const sentence = ({ who, actions, resource, conditions, isWholeTable }: Right, { verb, call }: Saying): Phrase => [
  ...whoPhrase(who, call),
  VERBS[verb][referred(who.text)?.address.includes("aws_iam_policy.") ? "policy" : "identity"],
  ...listed(actions.map(actionPhrase)),
  ...(resource ? [" on ", ...resourcePhrase(resource, call)] : []),
  ...conditions.flatMap((condition) => conditionPhrase(condition, { call, isWholeTable })),
  ".",
  ...(isWholeTable ? wholeTablePhrase(actions) : []),
];

const wholeTablePhrase = (actions: readonly PolicyPattern[]): Phrase => [
  " ",
  ...strong(
    say`This reaches the whole table: requests for ${listed(actions.map(({ text }) => text))} ${[
      actions.some(({ text, isNegated }) => isNegated || text.includes(ANY)) ? "can lack" : "have no",
    ]} ${"dynamodb:LeadingKeys"}, and the condition is true without it.`,
  ),
];

const whoPhrase = ({ text, isNegated }: PolicyPattern, call: Caller): Phrase => {
  if (isNegated) return say`Everybody but ${call(text)}`;
  return text === ANY ? strong(["Anybody"]) : sentenceCase(call(text));
};

const actionPhrase = ({ text, isNegated }: PolicyPattern): Phrase => {
  if (isNegated) return strong(say`anything but ${text}`);
  return text.includes(ANY) ? strong(say`${text}`) : say`${text}`;
};

const resourcePhrase = ({ text, isNegated }: PolicyPattern, call: Caller): Phrase => {
  if (isNegated) return strong(say`anything but ${call(text)}`);
  return text === ANY ? strong(["any resource"]) : call(text);
};

interface Conditioned {
  readonly call: Caller;
  readonly isWholeTable: boolean;
}

/** The leading key of an item is its partition key. */
function conditionPhrase(condition: Condition, { call, isWholeTable }: Conditioned): Phrase {
  const { operator, key, values } = condition;
  const alternatives = listed(values.map(call), "or");
  if (key === "dynamodb:LeadingKeys" && operator === "ForAllValues:StringLike" && !isWholeTable) {
    return say`, only items whose key matches ${alternatives}`;
  }
  if (key === "aws:SourceArn" && !holdsWithoutKey(condition)) return say`, only from ${alternatives}`;
  const orMissing = holdsWithoutKey(condition) && operator !== "Null" ? say` or the request has no ${key}` : [];
  return say`, only if ${key} ${operator} ${alternatives}${orMissing}`;
}
