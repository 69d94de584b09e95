import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { BUNDLE_OPTIONS } from "../../infra/bundle.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface From<Entries extends readonly string[]> {
  /** Of this project. */
  readonly folder: string;
  readonly entries: Entries;
}

/** The paths of bundles, one for each entry. */
type Paths<Entries extends readonly string[]> = { readonly [Place in keyof Entries]: string };

/** The bundles that Terraform deploys, byte for byte, in a folder. */
export const compile = <const Entries extends readonly string[]>(
  from: From<Entries>,
  directory: string,
): Promise<Paths<Entries>> => write(from, { ...BUNDLE_OPTIONS, outdir: directory });

/** What esbuild makes for Node of itself, with the SDK's CommonJS in it, as most build tools use it. */
export const compilePlainly = <const Entries extends readonly string[]>(
  from: From<Entries>,
  directory: string,
): Promise<Paths<Entries>> =>
  write(from, {
    bundle: true,
    minify: true,
    platform: "node",
    target: BUNDLE_OPTIONS.target,
    format: "cjs",
    outdir: directory,
    outExtension: { ".js": ".cjs" },
  });

async function write<Entries extends readonly string[]>(
  { folder, entries }: From<Entries>,
  options: BuildOptions & { readonly outdir: string },
): Promise<Paths<Entries>> {
  const entryPoints = entries.map((entry) => join(ROOT, folder, `${entry}.ts`));
  await build({ ...options, write: true, entryPoints });
  const paths = entries.map((entry) => join(options.outdir, entry + options.outExtension?.[".js"]));
  return paths as unknown as Paths<Entries>;
}
