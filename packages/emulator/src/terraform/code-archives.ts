import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Attributes, attempt } from "./configuration.ts";
import { type ArchiveContent, archiveContent, zip } from "./data-sources/archive-file.ts";
import type { Instance } from "./language/instance.ts";
import { toText } from "./language/values.ts";

/**
 * Returns the path of the code of a function: its archive, or that of the object with its code. For an `archive_file`, it is
 * the folder that is archived, or an archive in a temporary folder, because Terraform writes these archives during an apply.
 * The result throws if there is no such file.
 */
export function codeArchives(
  folder: string,
  instances: readonly Instance[],
): (lambda: Attributes, address: string) => string {
  const contents = new Map<string, Instance>();
  for (const instance of instances.filter(({ type }) => type === "archive_file")) {
    // A path that cannot be resolved is reported where a function refers to it.
    const path = attempt(() => toText(instance.get("output_path")), []);
    if (path !== undefined) contents.set(resolve(folder, path), instance);
  }
  const objects = instances.filter(({ type }) => type === "aws_s3_object" || type === "aws_s3_bucket_object");
  return onceForEach((lambda, address) => {
    // It is refused for another reason.
    if (lambda.filename === undefined && lambda.s3_key === undefined) return folder;
    const object = lambda.filename === undefined ? objectOf(lambda, { address, objects }) : undefined;
    const filename = lambda.filename ?? object?.get("source");
    const path = resolve(folder, String(filename));
    const archive = contents.get(path);
    if (archive) return codeOf(archiveContent(archive, folder));
    if (statSync(path, { throwIfNoEntry: false })) return path;
    throw new Error(`${address} has the archive ${path}, which does not exist. Build it first, or correct the path.`);
  });
}

/** Writes an archive once, although its path is needed several times. */
function onceForEach(
  pathOf: (lambda: Attributes, address: string) => string,
): (lambda: Attributes, address: string) => string {
  const paths = new Map<string, string>();
  return (lambda, address) => {
    const path = paths.get(address) ?? pathOf(lambda, address);
    paths.set(address, path);
    return path;
  };
}

interface Search {
  readonly address: string;
  readonly objects: readonly Instance[];
}

/** The object of the stack that contains the code of a function. */
function objectOf({ s3_bucket, s3_key }: Attributes, { address, objects }: Search): Instance {
  const found = objects.find((object) => object.find("bucket") === s3_bucket && object.find("key") === s3_key);
  if (found?.find("source") !== undefined) return found;
  throw new Error(
    `${address} has its code in the object ${s3_key} of the bucket ${s3_bucket}. The emulator reads only objects with a "source" in the same stack. Add an aws_s3_object, or set "filename".`,
  );
}

const codeOf = (content: ArchiveContent): string => content.folder ?? written(zip(content));

function written(archive: Uint8Array): string {
  const directory = mkdtempSync(join(tmpdir(), "emulator-archive-"));
  deleteAtExit(directory);
  const path = join(directory, "archive.zip");
  writeFileSync(path, archive);
  return path;
}

const directories: string[] = [];

/** One listener for all folders: Node.js warns about more than ten listeners of an event. */
function deleteAtExit(directory: string): void {
  if (directories.push(directory) > 1) return;
  process.once("exit", () => {
    for (const each of directories) rmSync(each, { recursive: true, force: true });
  });
}
