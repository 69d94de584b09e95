import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ArchiveContent, archiveContent, zip } from "./data-sources/archive-file.ts";
import type { Instance } from "./language/instance.ts";
import { toText } from "./language/values.ts";

/**
 * Returns the path of the code of a function's archive: for an `archive_file`, the folder that it archives, or an archive
 * in a temporary folder. Terraform writes these archives during an apply, so they need not exist.
 */
export function codeArchives(folder: string, instances: readonly Instance[]): (filename: string) => string {
  const contents = new Map<string, Instance>();
  for (const instance of instances.filter(({ type }) => type === "archive_file")) {
    contents.set(resolve(folder, toText(instance.get("output_path"))), instance);
  }
  return (filename) => {
    const path = resolve(folder, filename);
    const archive = contents.get(path);
    return archive ? codeOf(archiveContent(archive, folder)) : path;
  };
}

const codeOf = (content: ArchiveContent): string => content.folder ?? written(zip(content));

const written = (archive: Uint8Array): string => {
  const directory = mkdtempSync(join(tmpdir(), "emulator-archive-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "archive.zip");
  writeFileSync(path, archive);
  return path;
};
