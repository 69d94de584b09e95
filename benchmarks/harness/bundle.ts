import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { BUNDLE_OPTIONS } from "../../infra/bundle.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Sources<Entries extends readonly string[]> {
  /** A path in this repository. */
  readonly folder: string;
  readonly entries: Entries;
}

/** The paths of the bundles, one for each entry. */
type Paths<Entries extends readonly string[]> = { readonly [Place in keyof Entries]: string };

/** Writes the bundles that Terraform deploys, byte for byte, into a directory. */
export const bundle = <const Entries extends readonly string[]>(
  sources: Sources<Entries>,
  directory: string,
): Promise<Paths<Entries>> => write(sources, { ...BUNDLE_OPTIONS, outdir: directory });

/** Writes bundles with esbuild's defaults for Node.js: CommonJS, the SDK included, like most build tools. */
export const bundleWithDefaults = <const Entries extends readonly string[]>(
  sources: Sources<Entries>,
  directory: string,
): Promise<Paths<Entries>> =>
  write(sources, {
    bundle: true,
    minify: true,
    platform: "node",
    target: BUNDLE_OPTIONS.target,
    format: "cjs",
    outdir: directory,
    outExtension: { ".js": ".cjs" },
  });

async function write<Entries extends readonly string[]>(
  { folder, entries }: Sources<Entries>,
  options: BuildOptions & { readonly outdir: string },
): Promise<Paths<Entries>> {
  const entryPoints = entries.map((entry) => join(ROOT, folder, `${entry}.ts`));
  await build({ ...options, write: true, entryPoints });
  const paths = entries.map((entry) => join(options.outdir, entry + options.outExtension?.[".js"]));
  return paths as unknown as Paths<Entries>;
}

/** Creates a directory for an action, and removes it afterwards, also if this process exits in between. */
export async function inTemporaryDirectory<Result>(act: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "benchmark-"));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await act(directory);
  } finally {
    process.off("exit", remove);
    remove();
  }
}
