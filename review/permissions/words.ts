import type { Caller } from "../nouns.ts";
import { listed, type Phrase, say, sentenceCase, strong } from "../phrase.ts";
import type { Attachment, Permission, PermissionChanges } from "./permissions.ts";
import type { Condition, Excepting } from "./statements.ts";

/** What somebody may, or may not, do: the actions that share all else are said together. */
type Right = Omit<Permission, "action"> & { readonly actions: readonly Excepting[] };

const ANY = "*";

export const gainedPhrases = ({ gained, attached, lost }: PermissionChanges, call: Caller): Phrase[] => [
  ...rightsOf(gained, "Allow").map((right) => sentence(right, { says: " may now ", call })),
  ...rightsOf(lost, "Deny").map((right) => sentence(right, { says: " is no longer denied ", call })),
  ...attached.map((attachment) => attachmentPhrase(attachment, { says: " may now do what the policy ", call })),
];

export const lostPhrases = ({ lost, detached, gained }: PermissionChanges, call: Caller): Phrase[] => [
  ...rightsOf(lost, "Allow").map((right) => sentence(right, { says: " may no longer ", call })),
  ...rightsOf(gained, "Deny").map((right) => sentence(right, { says: " is now denied ", call })),
  ...detached.map((attachment) => attachmentPhrase(attachment, { says: " may no longer do what the policy ", call })),
];

export const hiddenPhrases = ({ hidden }: PermissionChanges): Phrase[] =>
  hidden.map(({ address, attribute, why }) => [
    ...say`${attribute} of ${address} cannot be compared: it is `,
    why === "sensitive" ? "a sensitive value." : `${why}.`,
  ]);

function rightsOf(permissions: readonly Permission[], effect: Permission["effect"]): Right[] {
  const rights = new Map<string, Right>();
  for (const { action, ...rest } of permissions.filter((permission) => permission.effect === effect)) {
    const key = JSON.stringify(rest);
    rights.set(key, { ...rest, actions: [...(rights.get(key)?.actions ?? []), action] });
  }
  return [...rights.values()];
}

interface Saying {
  readonly says: string;
  readonly call: Caller;
}

const sentence = ({ who, actions, resource, conditions }: Right, { says, call }: Saying): Phrase => [
  ...whoPhrase(who, call),
  says,
  ...listed(actions.map(actionPhrase)),
  ...(resource ? [" on ", ...resourcePhrase(resource, call)] : []),
  ...conditions.flatMap((condition) => conditionPhrase(condition, call)),
  ".",
];

const attachmentPhrase = ({ who, policy }: Attachment, { says, call }: Saying): Phrase => [
  ...whoPhrase(who, call),
  says,
  ...call(policy),
  " allows.",
];

const whoPhrase = ({ text, isException }: Excepting, call: Caller): Phrase => {
  if (isException) return say`Everybody but ${call(text)}`;
  return text === ANY ? strong(["Anybody"]) : sentenceCase(call(text));
};

const actionPhrase = ({ text, isException }: Excepting): Phrase => {
  if (isException) return strong(say`anything but ${text}`);
  return text.includes(ANY) ? strong(say`${text}`) : say`${text}`;
};

const resourcePhrase = ({ text, isException }: Excepting, call: Caller): Phrase => {
  if (isException) return strong(say`anything but ${call(text)}`);
  return text === ANY ? strong(["any resource"]) : call(text);
};

/** What policies of a table know as leading keys are the partition keys of its items. */
function conditionPhrase({ operator, key, values }: Condition, call: Caller): Phrase {
  const alternatives = listed(values.map(call), "or");
  if (key === "dynamodb:LeadingKeys" && operator === "ForAllValues:StringLike") {
    return say`, only items whose key is like ${alternatives}`;
  }
  if (key === "aws:SourceArn") return say`, only from ${alternatives}`;
  return say`, only if ${key} ${operator} ${alternatives}`;
}
