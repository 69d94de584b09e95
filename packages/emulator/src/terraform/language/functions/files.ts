import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, posix, relative, resolve, sep } from "node:path";
import type { FunctionContext, TerraformFunction } from "../terraform-function.ts";
import { EvaluationFault, type Result, setOf, toFields, toText } from "../values.ts";
import { digest } from "./encoding.ts";

function read(path: Result | undefined, { folder, onRead }: FunctionContext): Buffer {
  const text = toText(path ?? null);
  onRead({ path: resolve(folder, text) });
  try {
    return readFileSync(resolve(folder, text));
  } catch (fault) {
    throw new EvaluationFault(`The file ${text} cannot be read: ${(fault as Error).message}.`);
  }
}

const hash =
  (algorithm: string, encoding?: "hex" | "base64"): TerraformFunction =>
  ([path], context) =>
    digest(algorithm, read(path, context), encoding);

/** The files below a folder, with `/` between the parts of their paths. Terraform follows symbolic links. */
export function filesBelow(folder: string, isIncluded: (path: string) => boolean = () => true): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => isIncluded(path) && statSync(resolve(folder, path), { throwIfNoEntry: false })?.isFile())
    .sort();
}

/** Whether a path matches a pattern with `*`, `**`, `?`, `[abc]` and `{a,b}`. */
export function globPattern(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\{[^}]*\}|\[[^\]]*\]|[.+^$()|\\]/g, (token) => {
    const fixed: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" };
    if (fixed[token] !== undefined) return fixed[token];
    if (token.startsWith("[")) return token.replace(/^\[!/, "[^");
    if (token.startsWith("{"))
      return `(?:${token
        .slice(1, -1)
        .split(",")
        .map((each) => globPattern(each).source.slice(1, -1))
        .join("|")})`;
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}

function fileSet([folder = null, pattern = null]: readonly Result[], context: FunctionContext): Result {
  const matches = globPattern(toText(pattern));
  const path = resolve(context.folder, toText(folder));
  const includes = (name: string) => matches.test(name);
  context.onRead({ path, includes, isDeep: true });
  return setOf(filesBelow(path, includes));
}

/** https://developer.hashicorp.com/terraform/language/functions, "Filesystem Functions" */
export const fileFunctions: Readonly<Record<string, TerraformFunction>> = {
  abspath: ([path = null], { folder }) => resolve(folder, toText(path)),
  basename: ([path = null]) => basename(toText(path)),
  dirname: ([path = null]) => dirname(toText(path)),
  file: ([path], context) => read(path, context).toString("utf8"),
  filebase64: ([path], context) => read(path, context).toString("base64"),
  filebase64sha256: hash("sha256", "base64"),
  filebase64sha512: hash("sha512", "base64"),
  fileexists: ([path = null], { folder, onRead }) => {
    const absolute = resolve(folder, toText(path));
    onRead({ path: absolute });
    return statSync(absolute, { throwIfNoEntry: false })?.isFile() === true;
  },
  filemd5: hash("md5"),
  fileset: fileSet,
  filesha1: hash("sha1"),
  filesha256: hash("sha256"),
  filesha512: hash("sha512"),
  pathexpand: ([path = null]) => toText(path).replace(/^~(?=\/|$)/, homedir()),
  templatefile: ([path, variables = {}], context) =>
    context.template(read(path, context).toString("utf8"), toFields(variables)),
};

/** A path relative to a folder, as Terraform writes it, such as `modules/api`. */
export const modulePath = (root: string, folder: string): string =>
  relative(root, folder).split(sep).join(posix.sep) || ".";
