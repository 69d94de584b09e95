import * as v from "valibot";
import { hasFailed, type Result } from "../failure.ts";
import type { Operation, ServiceAccess } from "../service.ts";
import type { CircleCiCredential } from "./api.ts";
import { allOf, ofProject, request } from "./api.ts";

const Named = v.object({ id: v.string() });
const Trigger = v.object({ id: v.string(), disabled: v.nullish(v.boolean()) });

interface LocatedTrigger {
  readonly path: string;
  readonly isDisabled: boolean;
}

export const TRIGGER_ENDPOINTS = [
  "GET /project/{project-slug}",
  "GET /projects/{project_id}/pipeline-definitions",
  "GET /projects/{project_id}/pipeline-definitions/{pipeline_definition_id}/triggers",
] as const;

/** The triggers of all pipelines of the project. */
export async function triggersOf(
  access: ServiceAccess<CircleCiCredential>,
): Promise<Result<readonly LocatedTrigger[]>> {
  const { client, credential } = access;
  const project = await client.expectJson(request(credential, { method: "GET", path: ofProject(credential) }), Named);
  if (hasFailed(project)) return project;
  const base = `/projects/${project.value.id}`;
  const pipelines = await allOf(access, `${base}/pipeline-definitions`, Named);
  if (hasFailed(pipelines)) return pipelines;
  const located: LocatedTrigger[] = [];
  for (const { id: pipeline } of pipelines.value) {
    const triggers = await allOf(access, `${base}/pipeline-definitions/${pipeline}/triggers`, Trigger);
    if (hasFailed(triggers)) return triggers;
    located.push(
      ...triggers.value.map(({ id, disabled }) => ({ path: `${base}/triggers/${id}`, isDisabled: !!disabled })),
    );
  }
  return { value: located };
}

/** Disables or enables all triggers. Skips triggers that are already in that state, so a repeat continues the work. */
export const setTriggers = ({ disabled }: { readonly disabled: boolean }): Operation<CircleCiCredential> => ({
  does: disabled
    ? "disables all triggers of the project's pipelines, so no pipeline starts automatically"
    : "enables all triggers of the project's pipelines, including those that were disabled before the freeze",
  endpoints: [...TRIGGER_ENDPOINTS, "PATCH /projects/{project_id}/triggers/{trigger_id}"],
  reference: "https://circleci.com/docs/api/v2/#tag/Trigger/operation/updateTrigger",
  needs: "a personal API token (scope Admin) of an admin of the project",
  async run(access) {
    const triggers = await triggersOf(access);
    if (hasFailed(triggers)) return triggers;
    for (const { path } of triggers.value.filter(({ isDisabled }) => isDisabled !== disabled)) {
      const patch = request(access.credential, { method: "PATCH", path, body: { disabled } });
      const patched = await access.client.expectJson(patch, v.object({ disabled: v.literal(disabled) }));
      if (hasFailed(patched)) return patched;
    }
    const word = disabled ? "disabled" : "enabled";
    return { value: `All ${triggers.value.length} triggers of the project are ${word}.` };
  },
});
