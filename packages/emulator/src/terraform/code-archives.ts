import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Attributes, attempt } from "./configuration.ts";
import { archiveContent, uncompressedZip } from "./data-sources/archive-file.ts";
import type { Instance } from "./language/instance.ts";
import type { OnRead, Source } from "./language/source.ts";
import { toText } from "./language/values.ts";

/** An archive that the emulator makes, because Terraform makes it during an apply. */
export interface MadeArchive {
  readonly path: string;
  readonly sources: readonly Source[];
  /** Makes it again from its sources. Throws if one does not exist. */
  readonly write: () => void;
}

export interface CodeArchives {
  /**
   * Returns the path of the code of a function: its archive, or that of the object with its code. For an `archive_file`,
   * it is the folder that is archived, or an archive in a temporary folder. Throws if there is no such file.
   */
  readonly pathOf: (lambda: Attributes, address: string) => string;
  /** The archives of the functions whose paths were returned. */
  readonly made: readonly MadeArchive[];
}

interface CodePlace {
  readonly folder: string;
  readonly onRead: OnRead;
}

/** Finds the code of functions among the resources and data sources of a stack. */
export function codeArchives({ folder, onRead }: CodePlace, instances: readonly Instance[]): CodeArchives {
  const contents = new Map<string, Instance>();
  for (const instance of instances.filter(({ type }) => type === "archive_file")) {
    // A path that cannot be resolved is reported where a function refers to it.
    const path = attempt(() => toText(instance.get("output_path")), []);
    if (path !== undefined) contents.set(resolve(folder, path), instance);
  }
  const objects = instances.filter(({ type }) => type === "aws_s3_object" || type === "aws_s3_bucket_object");
  const made: MadeArchive[] = [];
  const pathOf = (lambda: Attributes, address: string): string => {
    // It is refused for another reason.
    if (lambda.filename === undefined && lambda.s3_key === undefined) return folder;
    const object = lambda.filename === undefined ? objectOf(lambda, { address, objects }) : undefined;
    const filename = lambda.filename ?? object?.get("source");
    const path = resolve(folder, String(filename));
    const archive = contents.get(path);
    if (archive) return codeOf(archive, { folder, onRead }, made);
    onRead({ path });
    if (statSync(path, { throwIfNoEntry: false })) return path;
    throw new Error(`${address} has the archive ${path}, which does not exist. Build it first, or correct the path.`);
  };
  return { pathOf: onceForEach(pathOf), made };
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

/** The folder that is archived, or a new archive, which is added to `made`. */
function codeOf(archive: Instance, { folder, onRead }: CodePlace, made: MadeArchive[]): string {
  const sources: Source[] = [];
  const content = archiveContent(archive, {
    folder,
    onRead(source) {
      sources.push(source);
      onRead(source);
    },
  });
  if (content.folder !== undefined) return content.folder;
  const directory = mkdtempSync(join(tmpdir(), "emulator-archive-"));
  deleteAtExit(directory);
  const path = join(directory, "archive.zip");
  const write = () =>
    writeFileSync(path, uncompressedZip(archiveContent(archive, { folder, onRead: () => undefined })));
  write();
  made.push({ path, sources, write });
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
