import { listed, type Phrase, say } from "./phrase.ts";
import { type ActionInvocation, actionOf, type Check, type Plan, type ResourceChange } from "./plan.ts";
import { type Difference, differencesOf, shownPhrase } from "./values.ts";

/** A sentence for each part of a plan that this review cannot judge. */
export const unreviewedPhrases = (plan: Plan): Phrase[] => [
  ...plan.unknown_sections.map(
    (name) => say`This review does not know the section ${name} of the plan. Read it in ${"terraform show -json"}.`,
  ),
  ...[...plan.resource_changes, ...plan.resource_drift].filter(isUnknown).map(unknownPhrase),
  ...plan.action_invocations.map(invocationPhrase),
  ...plan.deferred_action_invocations.map(
    ({ reason, action_invocation: { address } }) =>
      say`The invocation of ${address} is deferred (${reason}): only a later plan says whether it runs.`,
  ),
  ...plan.deferred_changes.map(
    ({ reason, resource_change: { address, change } }) =>
      say`The change of ${address} (${change.actions.join(", ")}) is deferred (${reason}): only a later plan shows it.`,
  ),
  ...(plan.complete ? [] : [INCOMPLETE]),
  ...provisionersOf(plan),
];

const INCOMPLETE: Phrase = [
  "This plan is incomplete: some changes are deferred or left out by `-target`. Plan again after the apply.",
];

const isUnknown = ({ mode, change }: ResourceChange): boolean =>
  actionOf(change) === "unknown" || !["managed", "data"].includes(mode);

function unknownPhrase({ address, mode, change }: ResourceChange): Phrase {
  const actions = change.actions ?? [];
  if (actionOf(change) !== "unknown") return say`This review does not know the mode ${mode} of ${address}.`;
  const named: Phrase = actions.length > 0 ? say`the actions ${listed(actions)}` : ["a change without actions"];
  return say`This review does not know ${named} for ${address}. Read its change in ${"terraform plan"}.`;
}

function invocationPhrase({ address, lifecycle_action_trigger, ...config }: ActionInvocation): Phrase {
  const { triggering_resource_address: of = "a resource", action_trigger_event: event = "an event" } =
    lifecycle_action_trigger ?? {};
  const when: Phrase = lifecycle_action_trigger ? say` on ${event} of ${of}` : [];
  const settings = differencesOf({
    actions: ["create"],
    before: null,
    after: config.config_values,
    after_sensitive: config.config_sensitive,
    after_unknown: config.config_unknown,
  });
  const given: Phrase = settings.length > 0 ? say` with ${listed(settings.map(settingPhrase))}` : [];
  return say`The plan invokes ${address}${when}${given}. This review does not know what the action does.`;
}

const settingPhrase = ({ path, after }: Difference): Phrase => say`${path} ${shownPhrase(after)}`;

/** A sentence for each failed condition or `check` block. The status `unknown` means that it is not evaluated yet. */
export const failedCheckPhrases = ({ checks }: Plan): Phrase[] => checks.flatMap(checkPhrases);

function checkPhrases({ address: { to_display }, status, instances = [] }: Check): Phrase[] {
  if (["pass", "unknown"].includes(status)) return [];
  const messages = instances.flatMap(({ problems = [] }) => problems.map(({ message }) => message));
  const explained: Phrase = messages.length > 0 ? say`: ${listed(messages)}` : ["."];
  if (status === "fail") return [say`The check ${to_display} fails${explained}`];
  if (status === "error") return [say`Terraform could not evaluate the check ${to_display}${explained}`];
  return [say`The check ${to_display} has the status ${status}${explained}`];
}

/** Provisioners run commands when a resource is created or deleted. */
function provisionersOf({ configuration, resource_changes }: Plan): Phrase[] {
  const { resources = [] } = configuration.root_module;
  return resources.flatMap(({ type, name, provisioners = [] }) => {
    const isRun = resource_changes.some(
      (resource) =>
        resource.type === type && resource.name === name && /create|delete/.test(resource.change.actions.join()),
    );
    if (!isRun) return [];
    return provisioners.map(
      (provisioner) =>
        say`${`${type}.${name}`} runs the provisioner ${provisioner.type}. This review does not know what it does.`,
    );
  });
}
