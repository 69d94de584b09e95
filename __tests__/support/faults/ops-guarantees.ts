import type { Action } from "../../../chatops/service.ts";
import type { OpsWorld } from "./ops-world.ts";

/** The kind of an answer: `fault` for the code `internal`, and `nothing` if the function died. */
export type Kind = "done" | "asked" | "refused" | "failed" | "fault" | "nothing";

/** One run of the function, and its effects. */
export interface RunEffects {
  readonly calls: readonly string[];
  readonly isDead: boolean;
  readonly kind: Kind;
  /** The sentence in the answer. */
  readonly said: string;
  /** The outcomes that the run added to the audit trail. */
  readonly lines: readonly string[];
  /** The announcements of the run in `ops`. */
  readonly announcements: readonly string[];
  /** Whether the run achieved the action's effect at the service. */
  readonly isDone: boolean;
  /** How long the lease still lasts, in milliseconds. */
  readonly leaseLeft: number;
}

/** Sentences that name a credential, or an effect, whose state the function cannot know. */
export const NAMES_LOST = /may still work/;
const NAMES_EFFECT = /may have taken effect/;

const LEASE_MILLISECONDS_MAX = 60_000;

const hasChanged = ({ calls }: RunEffects): boolean =>
  calls.some((call) => /^HTTP (POST|PUT|PATCH|DELETE)$/.test(call));
const hasBegun = ({ lines }: RunEffects): boolean => lines.includes("begun");
const isConcluded = (run: RunEffects): boolean =>
  run.lines.includes("asked") || (hasBegun(run) && run.lines.includes("done"));
export const isBusy = ({ kind, said }: Pick<RunEffects, "kind" | "said">): boolean =>
  kind === "failed" && said.startsWith("Another request");

/** Each guarantee: a sentence for its violation, and whether a run violates it. */
export const guarantees: readonly (readonly [sentence: string, isViolated: (effects: RunEffects) => boolean])[] = [
  ["the trail has no line of a change", (run) => hasChanged(run) && !hasBegun(run)],
  ["the trail has no result", (run) => hasBegun(run) && run.lines.at(-1) === "begun"],
  ["refused, but the service was changed", (run) => run.kind === "refused" && hasChanged(run)],
  [
    "the lease is not released",
    (run) => run.leaseLeft > 0 && !run.isDead && run.calls.includes("PutItem LEASE") && !isBusy(run),
  ],
  ["the lease lasts longer than a minute", ({ leaseLeft }) => leaseLeft > LEASE_MILLISECONDS_MAX],
  ["the answer is `busy`, but no other request runs", (run) => isBusy(run) && run.leaseLeft <= 0],
  ["nothing was announced", (run) => isConcluded(run) && run.announcements.length === 0],
  [
    "the answer reports a failure, but the action is done",
    ({ kind, isDone, said }) => (kind === "failed" || kind === "fault") && isDone && !NAMES_EFFECT.test(said),
  ],
  [
    "ops was notified of a failure, but the action is done",
    ({ isDone, announcements }) =>
      isDone && announcements.some((each) => each.includes(": failed.") && !NAMES_EFFECT.test(each)),
  ],
];

/** Whether an answer that reports success is true. */
export function isTrue(action: Action, said: string, world: OpsWorld): boolean {
  const { standIn } = world;
  const works = standIn.works(world.held("current") ?? {});
  // A lost credential is named once: by this answer, which is the latest line of the trail, or by one before it.
  const isNamed = world.trail.some((line) => NAMES_LOST.test(line.said));
  const answers: Readonly<Record<Action, () => boolean>> = {
    status: () => (works && !standIn.isFrozen()) || !standIn.status.test(said),
    rotate: () => works && !world.held("previous") && (world.strays() === 0 || isNamed),
    revoke: () => standIn.living() === 0 || (isNamed && world.strays() === standIn.living()),
    freeze: () => standIn.isFrozen(),
    unfreeze: () => !standIn.isFrozen(),
    delete: () => !standIn.isThere(),
  };
  return answers[action]();
}
