import { readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { zipSync } from "fflate";
import { blocks, type Value } from "../configuration.ts";
import { digest } from "../language/functions/encoding.ts";
import { filesBelow, globPattern } from "../language/functions/files.ts";
import type { Instance } from "../language/instance.ts";
import type { OnRead } from "../language/source.ts";
import { plain, Unresolvable } from "../language/values.ts";
import type { ComputeData } from "./compute-data.ts";

/** What an `archive_file` contains. https://registry.terraform.io/providers/hashicorp/archive/latest/docs/data-sources/file */
export interface ArchiveContent {
  /** A folder that is archived as it is; undefined if only some files are. */
  readonly folder: string | undefined;
  readonly files: () => Record<string, Uint8Array>;
}

interface ContentPlace {
  /** The folder of relative paths. */
  readonly folder: string;
  readonly onRead: OnRead;
}

/** Throws if a source does not exist. */
export function archiveContent(source: Instance, { folder, onRead }: ContentPlace): ArchiveContent {
  const read = (name: string) => plain(source.find(name) ?? null);
  const [file, directory] = [read("source_file"), read("source_dir")];
  const excludes = [read("excludes")]
    .flat()
    .filter((each) => each !== null)
    .map((each) => globPattern(String(each)));
  if (directory !== null) {
    const path = resolve(folder, String(directory));
    const isIncluded = (name: string) =>
      !excludes.some((pattern) => pattern.test(name) || pattern.test(name.split("/")[0] ?? ""));
    onRead({ path, includes: isIncluded, isDeep: true });
    requireExisting(path, source);
    return {
      folder: excludes.length === 0 ? path : undefined,
      files: () => readAll(path, filesBelow(path, isIncluded)),
    };
  }
  if (file !== null) {
    const path = resolve(folder, String(file));
    onRead({ path });
    requireExisting(path, source);
    return { folder: undefined, files: () => ({ [basename(path)]: readFileSync(path) }) };
  }
  const own = blocks(read("source"));
  const inline: readonly { content: Value | undefined; name: string }[] =
    own.length > 0
      ? own.map(({ content, filename }) => ({ content, name: String(filename) }))
      : [{ content: read("source_content"), name: String(read("source_content_filename")) }];
  return {
    folder: undefined,
    files: () => Object.fromEntries(inline.map(({ content, name }) => [name, Buffer.from(String(content ?? ""))])),
  };
}

function requireExisting(path: string, source: Instance): void {
  if (statSync(path, { throwIfNoEntry: false })) return;
  throw new Unresolvable(`${source.label} archives ${path}, which does not exist.`, {
    remedy: "Correct the path, or build the files first.",
  });
}

const readAll = (folder: string, names: readonly string[]): Record<string, Uint8Array> =>
  Object.fromEntries(names.map((name) => [name, readFileSync(resolve(folder, name))]));

const EPOCH = new Date(1980, 0, 1);

/** The same files give the same bytes. */
const zip = ({ files }: ArchiveContent): Uint8Array => zipSync(files(), { mtime: EPOCH });

/** Takes less time than `zip`, and has the same files. */
export const uncompressedZip = ({ files }: ArchiveContent): Uint8Array => zipSync(files(), { mtime: EPOCH, level: 0 });

const ofArchive =
  (compute: (archive: Uint8Array) => string | number): ComputeData =>
  (source, context) =>
    compute(zip(archiveContent(source, context)));

/** The hashes are those of the emulator's archive, which differs from Terraform's in its compression. */
export const archiveAttributes: Readonly<Record<string, ComputeData>> = {
  id: ofArchive((archive) => digest("sha1", archive)),
  output_base64sha256: ofArchive((archive) => digest("sha256", archive, "base64")),
  output_base64sha512: ofArchive((archive) => digest("sha512", archive, "base64")),
  output_md5: ofArchive((archive) => digest("md5", archive)),
  output_sha: ofArchive((archive) => digest("sha1", archive)),
  output_sha256: ofArchive((archive) => digest("sha256", archive)),
  output_sha512: ofArchive((archive) => digest("sha512", archive)),
  output_size: ofArchive(({ length }) => length),
};
