import type { Action } from "../../../chatops/service.ts";
import type { OpsWorld } from "./ops-world.ts";

/** What an answer says: `fault` is the code `internal`, and `nothing` if the function died. */
export type Kind = "done" | "asked" | "refused" | "failed" | "fault" | "nothing";

/** One run of the function, and what it left. */
export interface Seen {
  readonly calls: readonly string[];
  readonly isDead: boolean;
  readonly kind: Kind;
  /** The sentence in the answer. */
  readonly said: string;
  /** The outcomes that the run added to the trail. */
  readonly lines: readonly string[];
  /** What the run announced in `ops`. */
  readonly told: readonly string[];
  /** The service shows what the action is about, and did not before the run. */
  readonly isDone: boolean;
  /** How long the lease still lasts, in milliseconds. */
  readonly leaseLeft: number;
}

/** In sentences that tell an operator of a credential, or of an effect, that the function cannot see. */
export const NAMES_LOST = /may still work/;
const NAMES_EFFECT = /may have taken effect/;

const LEASE_MILLISECONDS_MAX = 60_000;

const hasChanged = ({ calls }: Seen): boolean => calls.some((call) => /^HTTP (POST|PUT|PATCH|DELETE)$/.test(call));
const hasBegun = ({ lines }: Seen): boolean => lines.includes("begun");
const isConcluded = (seen: Seen): boolean =>
  seen.lines.includes("asked") || (hasBegun(seen) && seen.lines.includes("done"));
export const isBusy = ({ kind, said }: Pick<Seen, "kind" | "said">): boolean =>
  kind === "failed" && said.startsWith("Another request");

/** Each promise in a sentence that says how it is broken, and whether a run has broken it. */
export const promises: readonly (readonly [sentence: string, isBroken: (seen: Seen) => boolean])[] = [
  ["the trail has no line of a change", (seen) => hasChanged(seen) && !hasBegun(seen)],
  ["the trail has no result", (seen) => hasBegun(seen) && seen.lines.at(-1) === "begun"],
  ["refused, but the service was changed", (seen) => seen.kind === "refused" && hasChanged(seen)],
  [
    "the lease stays",
    (seen) => seen.leaseLeft > 0 && !seen.isDead && seen.calls.includes("PutItem LEASE") && !isBusy(seen),
  ],
  ["the lease stays longer than a minute", ({ leaseLeft }) => leaseLeft > LEASE_MILLISECONDS_MAX],
  ["told that another request runs, but none does", (seen) => isBusy(seen) && seen.leaseLeft <= 0],
  ["nothing was announced", (seen) => isConcluded(seen) && seen.told.length === 0],
  [
    "told that it failed, but it is done",
    ({ kind, isDone, said }) => (kind === "failed" || kind === "fault") && isDone && !NAMES_EFFECT.test(said),
  ],
  [
    "ops was told that it failed, but it is done",
    ({ isDone, told }) => isDone && told.some((each) => each.includes(": failed.") && !NAMES_EFFECT.test(each)),
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
