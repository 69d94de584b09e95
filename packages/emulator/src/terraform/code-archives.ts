import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Attributes } from "./configuration.ts";
import { type ArchiveContent, archiveContent, zip } from "./data-sources/archive-file.ts";
import type { Instance } from "./language/instance.ts";
import { toText } from "./language/values.ts";

/**
 * Returns the path of the code of a function: its archive, or that of the object with its code. For an `archive_file`, it is
 * the folder that is archived, or an archive in a temporary folder, because Terraform writes these archives during an apply.
 * The result throws if there is no such file.
 */
export function codeArchives(folder: string, instances: readonly Instance[]): (lambda: Attributes) => string {
  const contents = new Map<string, Instance>();
  for (const instance of instances.filter(({ type }) => type === "archive_file")) {
    contents.set(resolve(folder, toText(instance.get("output_path"))), instance);
  }
  const objects = instances.filter(({ type }) => type === "aws_s3_object" || type === "aws_s3_bucket_object");
  return (lambda) => {
    const filename = lambda.filename ?? objectOf(lambda, objects).get("source");
    const path = resolve(folder, String(filename));
    const archive = contents.get(path);
    if (archive) return codeOf(archiveContent(archive, folder));
    if (statSync(path, { throwIfNoEntry: false })) return path;
    throw new Error(
      `The archive ${path} of the function ${lambda.function_name} does not exist. Build it first, or correct the path.`,
    );
  };
}

/** The object of the stack that contains the code of a function. */
function objectOf({ function_name, s3_bucket, s3_key }: Attributes, objects: readonly Instance[]): Instance {
  const found = objects.find((object) => object.find("bucket") === s3_bucket && object.find("key") === s3_key);
  if (found?.find("source") !== undefined) return found;
  throw new Error(
    `The function ${function_name} has its code in the object ${s3_key} of the bucket ${s3_bucket}. The emulator reads only objects with a "source" in the same stack. Add an aws_s3_object, or set "filename".`,
  );
}

const codeOf = (content: ArchiveContent): string => content.folder ?? written(zip(content));

const written = (archive: Uint8Array): string => {
  const directory = mkdtempSync(join(tmpdir(), "emulator-archive-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "archive.zip");
  writeFileSync(path, archive);
  return path;
};
