import type { Caller } from "../nouns.ts";
import { listed, type Phrase, say, sentenceCase, strong } from "../phrase.ts";
import { referred } from "../references.ts";
import type { Attachment } from "./attachments.ts";

/**
 * AWS managed policies that allow very much: all of AWS, all of a service, or all data.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const WIDE =
  /:iam::aws:policy\/(.*\/)?(\w*Administrator\w*|PowerUserAccess|\w*FullAccess\w*|ReadOnlyAccess|DataScientist)$/;

const AWS_MANAGED = /:iam::aws:policy\//;

/** A sentence about a new attachment: access that is gained, or a new limit. */
export function attachedPhrase({ kind, who, what }: Attachment, call: Caller): Phrase {
  const [whom, subject] = [call(who), sentenceCase(call(who))];
  switch (kind) {
    case "policy":
      return say`${subject} may now do what ${policyPhrase(what, call)} allows${extentPhrase(what)}.`;
    case "group":
      return say`${subject} is now a member of ${call(what)} and may do what it allows.`;
    case "role":
      return say`${subject} may now act as ${rolePhrase(what, call)}${outsidePhrase(what)}.`;
    case "boundary":
      return say`${subject} may now do at most what its permissions boundary ${call(what)} allows.`;
    case "public URL":
      return say`${strong(["Anybody"])} may now call ${call(what)} by its URL, without authentication.`;
    case "signed URL":
      return say`IAM identities with ${"lambda:InvokeFunctionUrl"} may now call ${call(what)} by its URL.`;
    case "public API":
      return say`${strong(["Anybody"])} may now ${entrancePhrase(what, whom)}, without authorization.`;
    case "authorizer":
      return say`${subject} now decides which clients ${call(what)} accepts.`;
    case "log events":
      return say`${subject} now sends its log events to ${destinationPhrase(what, call)}.`;
    case "log events to another account":
      return say`${subject} now sends its log events to ${strong(["another account"])}: ${destinationPhrase(what, call)}.`;
    case "only inline policies":
      return say`${subject} may have no inline policies${exceptPhrase(what, call)}: Terraform deletes all others.`;
    case "only attached policies":
      return say`${subject} may have no attached policies${exceptPhrase(what, call)}: Terraform detaches all others.`;
    case "only holders":
      return say`Terraform detaches ${policyPhrase(who, call)} from all other roles, users and groups.`;
    case "only members":
      return say`Terraform removes all other users from ${whom}.`;
  }
}

/** A sentence about a removed attachment: access that is lost, or a limit that ends. */
export function detachedPhrase({ kind, who, what }: Attachment, call: Caller): Phrase {
  const [whom, subject] = [call(who), sentenceCase(call(who))];
  switch (kind) {
    case "policy":
      return say`${subject} may no longer do what ${policyPhrase(what, call)} allows.`;
    case "group":
      return say`${subject} is no longer a member of ${call(what)}.`;
    case "role":
      return say`${subject} may no longer act as ${rolePhrase(what, call)}.`;
    case "boundary":
      return say`${subject} ${strong(say`loses its permissions boundary ${call(what)}`)} and may do all that its policies allow.`;
    case "public URL":
      return say`Anonymous callers may no longer call ${call(what)} by its URL.`;
    case "signed URL":
      return say`IAM identities may no longer call ${call(what)} by its URL.`;
    case "public API":
      return say`Anonymous clients may no longer ${entrancePhrase(what, whom)}.`;
    case "authorizer":
      return say`${subject} no longer decides which clients ${call(what)} accepts.`;
    case "log events":
    case "log events to another account":
      return say`${subject} no longer sends its log events to ${destinationPhrase(what, call)}.`;
    case "only inline policies":
      return say`Terraform no longer deletes other inline policies of ${whom}.`;
    case "only attached policies":
      return say`Terraform no longer detaches other policies from ${whom}.`;
    case "only holders":
      return say`Terraform no longer detaches ${policyPhrase(who, call)} from other roles, users and groups.`;
    case "only members":
      return say`Terraform no longer removes other users from ${whom}.`;
  }
}

/** The plan may not show which of the two boundaries allows more. */
export const otherBoundaryPhrase = ({ who, what }: Attachment, next: string, call: Caller): Phrase =>
  say`${sentenceCase(call(who))} has the permissions boundary ${call(next)} instead of ${call(what)}, and may do more if it allows more.`;

/** A policy in this plan already has a noun; any other policy needs one. */
const policyPhrase = (policy: string, call: Caller): Phrase =>
  referred(policy) ? call(policy) : say`the policy ${call(policy)}`;

const rolePhrase = (role: string, call: Caller): Phrase =>
  referred(role) || /^(role|instance profile) /.test(role) ? call(role) : say`the role ${call(role)}`;

/** A plan contains only the content of its own policies. */
function extentPhrase(policy: string): Phrase {
  if (referred(policy)) return [];
  if (WIDE.test(policy)) return [", ", ...strong(["which is very wide"])];
  return [`, which ${AWS_MANAGED.test(policy) ? "AWS defines and " : ""}this plan does not show`];
}

const outsidePhrase = (role: string): Phrase => (referred(role) ? [] : [", whose permissions this plan does not show"]);

const entrancePhrase = (key: string, api: Phrase): Phrase =>
  key === "$connect" ? say`connect to ${api}` : say`call ${key} of ${api}`;

function destinationPhrase(destination: string, call: Caller): Phrase {
  const [, account] = /^arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):/.exec(destination) ?? [];
  return account === undefined ? call(destination) : say`${destination}, in the account ${account}`;
}

const exceptPhrase = (names: string, call: Caller): Phrase =>
  names === "" ? [] : say` except ${listed(names.split("\n").map(call))}`;
