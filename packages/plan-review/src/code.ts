import { called } from "./nouns.ts";
import type { Phrase } from "./phrase.ts";
import type { ResourceState, Sides } from "./resource-states.ts";

/** A function whose code changes. Sizes are those of its archive. */
export interface CodeChange {
  readonly called: Phrase;
  readonly does: "changed" | "new" | "removed";
  /** As reported by Lambda. Undefined for a new function. */
  readonly beforeBytes: number | undefined;
  /** Of the local archive. Undefined if there is no archive. */
  readonly afterBytes: number | undefined;
}

/** The size of an archive that the plan names. */
export type ArchiveBytes = (filename: string) => number | undefined;

/** Compares functions by their code hash, which AWS and Terraform compute in the same way. */
export function codeChanges({ before, after }: Sides, archiveBytes: ArchiveBytes): CodeChange[] {
  const [old, now] = [functionsOf(before), functionsOf(after)];
  const addresses = [...new Set([...old.keys(), ...now.keys()])].sort();
  return addresses.flatMap((address) => {
    const [was, is] = [old.get(address), now.get(address)];
    if (hashOf(was) === hashOf(is)) return [];
    const sizes = { beforeBytes: numeric(was?.raw("source_code_size")), afterBytes: archived(is, archiveBytes) };
    return [{ called: called((is ?? was) as ResourceState), does: becomes(was, is), ...sizes }];
  });
}

function becomes(was: ResourceState | undefined, is: ResourceState | undefined): CodeChange["does"] {
  if (!was) return "new";
  return is ? "changed" : "removed";
}

function archived(is: ResourceState | undefined, archiveBytes: ArchiveBytes): number | undefined {
  const filename = is?.raw("filename");
  return typeof filename === "string" ? archiveBytes(filename) : undefined;
}

const functionsOf = (states: readonly ResourceState[]): Map<string, ResourceState> =>
  new Map(states.filter(({ type }) => type === "aws_lambda_function").map((state) => [state.address, state]));

const hashOf = (state: ResourceState | undefined): unknown => state?.raw("source_code_hash");

const numeric = (size: unknown): number | undefined => (typeof size === "number" ? size : undefined);
