import * as v from "valibot";
import { type Answer, hasFailed } from "../failure.ts";
import type { At, Deed } from "../service.ts";
import type { CircleCiCredential } from "./credential.ts";
import { allOf, ofProject, question } from "./questions.ts";

const Named = v.object({ id: v.string() });
const Trigger = v.object({ id: v.string(), disabled: v.nullish(v.boolean()) });

/** A trigger, and where it is. */
interface Placed {
  readonly path: string;
  readonly isDisabled: boolean;
}

export const TRIGGER_ENDPOINTS = [
  "GET /project/{project-slug}",
  "GET /projects/{project_id}/pipeline-definitions",
  "GET /projects/{project_id}/pipeline-definitions/{pipeline_definition_id}/triggers",
] as const;

/** Of every pipeline of the project. */
export async function triggersOf(at: At<CircleCiCredential>): Promise<Answer<readonly Placed[]>> {
  const { client, credential } = at;
  const project = await client.ask(question(credential, { method: "GET", path: ofProject(credential) }), Named);
  if (hasFailed(project)) return project;
  const base = `/projects/${project.value.id}`;
  const pipelines = await allOf(at, `${base}/pipeline-definitions`, Named);
  if (hasFailed(pipelines)) return pipelines;
  const placed: Placed[] = [];
  for (const { id: pipeline } of pipelines.value) {
    const triggers = await allOf(at, `${base}/pipeline-definitions/${pipeline}/triggers`, Trigger);
    if (hasFailed(triggers)) return triggers;
    placed.push(
      ...triggers.value.map(({ id, disabled }) => ({ path: `${base}/triggers/${id}`, isDisabled: !!disabled })),
    );
  }
  return { value: placed };
}

/** Disables or enables all triggers. Begins anew where it broke off: those that are as they should be are left alone. */
export const switching = (disabled: boolean): Deed<CircleCiCredential> => ({
  does: disabled
    ? "disables all triggers of the project's pipelines: nothing starts by itself"
    : "enables all triggers of the project's pipelines, those too that were disabled before a freeze",
  endpoints: [...TRIGGER_ENDPOINTS, "PATCH /projects/{project_id}/triggers/{trigger_id}"],
  reference: "https://circleci.com/docs/api/v2/#tag/Trigger/operation/updateTrigger",
  needs: "a personal API token (scope Admin) of an admin of the project",
  async run(at) {
    const triggers = await triggersOf(at);
    if (hasFailed(triggers)) return triggers;
    for (const { path } of triggers.value.filter(({ isDisabled }) => isDisabled !== disabled)) {
      const patch = question(at.credential, { method: "PATCH", path, body: { disabled } });
      const patched = await at.client.ask(patch, v.object({ disabled: v.literal(disabled) }));
      if (hasFailed(patched)) return patched;
    }
    const word = disabled ? "disabled" : "enabled";
    return { value: `All triggers of the project are ${word}: ${triggers.value.length}.` };
  },
});
