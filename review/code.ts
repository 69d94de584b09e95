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
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((address): CodeChange[] => {
    const [was, is] = [old.get(address), now.get(address)];
    if (was && is && hashOf(was) === hashOf(is)) return [];
    const filename = is?.raw("filename");
    return [
      {
        called: called((is ?? was) as Thing),
        does: was && is ? "changed" : is ? "new" : "removed",
        beforeBytes: was ? bytesOf(was.raw("source_code_size")) : undefined,
        afterBytes: typeof filename === "string" ? archiveBytes(filename) : undefined,
      },
    ];
  });
}

const functionsOf = (things: readonly Thing[]): Map<string, Thing> =>
  new Map(things.filter(({ type }) => type === "aws_lambda_function").map((thing) => [thing.address, thing]));

const hashOf = (thing: Thing): unknown => thing.raw("source_code_hash");

const bytesOf = (size: unknown): number | undefined => (typeof size === "number" ? size : undefined);
