import { called } from "./nouns.ts";
import type { Phrase } from "./phrase.ts";
import type { Sides, Thing } from "./things.ts";

/** A function whose code changes. Sizes are those of its archive. */
export interface CodeChange {
  readonly called: Phrase;
  readonly does: "changed" | "new" | "removed";
  /** As Lambda told Terraform. Undefined where there was none. */
  readonly beforeBytes: number | undefined;
  /** On this disk. Undefined where there is no archive. */
  readonly afterBytes: number | undefined;
}

/** The bytes of an archive that the Terraform names. */
export type ArchiveBytes = (filename: string) => number | undefined;

/** Functions by their code's hash, which AWS, Terraform and our archives compute alike. */
export function codeChanges({ before, after }: Sides, archiveBytes: ArchiveBytes): CodeChange[] {
  const [old, now] = [functionsOf(before), functionsOf(after)];
  const addresses = [...new Set([...old.keys(), ...now.keys()])].sort();
  return addresses.flatMap((address) => {
    const [was, is] = [old.get(address), now.get(address)];
    if (hashOf(was) === hashOf(is)) return [];
    const sizes = { beforeBytes: numeric(was?.raw("source_code_size")), afterBytes: archived(is, archiveBytes) };
    return [{ called: called((is ?? was) as Thing), does: becomes(was, is), ...sizes }];
  });
}

function becomes(was: Thing | undefined, is: Thing | undefined): CodeChange["does"] {
  if (!was) return "new";
  return is ? "changed" : "removed";
}

function archived(is: Thing | undefined, archiveBytes: ArchiveBytes): number | undefined {
  const filename = is?.raw("filename");
  return typeof filename === "string" ? archiveBytes(filename) : undefined;
}

const functionsOf = (things: readonly Thing[]): Map<string, Thing> =>
  new Map(things.filter(({ type }) => type === "aws_lambda_function").map((thing) => [thing.address, thing]));

const hashOf = (thing: Thing | undefined): unknown => thing?.raw("source_code_hash");

const numeric = (size: unknown): number | undefined => (typeof size === "number" ? size : undefined);
