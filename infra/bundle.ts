import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildFailure, type BuildOptions, buildSync } from "esbuild";
import { strToU8, zipSync } from "fflate";

/** The deployment package of a function. */
export interface Bundle {
  readonly archivePath: string;
  /** Base64 of the archive's SHA-256, as Lambda and Terraform compare it. */
  readonly sourceCodeHash: string;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The earliest date of the zip format, which stores local times: the bytes are the same in every time zone. */
const EPOCH = new Date(1980, 0, 1);

/** A regular file that everybody can read, as Lambda requires. The default depends on the operating system. */
const READABLE = { os: 3, attrs: 0o100644 << 16 };

/**
 * Modules that no function loads: credential providers that are not used in Lambda, event streams, undici's parser for
 * processors without SIMD, its form data, and its HTTP/2.
 */
const NEVER_LOADED = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-login",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/core/event-streams",
  "@smithy/credential-provider-imds",
  "*/llhttp/llhttp-wasm.js",
  "*/web/fetch/body.js",
  "./client-h2.js",
];

/**
 * Some packages are CommonJS and call `require` for Node's modules. ES modules have no `require`. undici requires its client of
 * HTTP/2 when it is loaded, but calls it only if HTTP/2 is allowed. Without it, Node.js does not load its own HTTP/2 either,
 * which takes a tenth of the CPU of a cold start.
 */
const REQUIRE =
  'import{createRequire}from"node:module";' +
  'const require=(load=>path=>path==="./client-h2.js"?undefined:load(path))(createRequire(import.meta.url));';

/** The condition of `#table-client` in package.json that selects aws/table/sdk-client.ts. */
const SDK_CLIENT = "@serverless-chat/sdk";

/** `TABLE_CLIENT=sdk` bundles the SDK's client of DynamoDB instead of aws/table/lean-client.ts. */
function conditionsFor(client: string | undefined): Pick<BuildOptions, "conditions"> {
  if (client === undefined || client === "" || client === "lean") return {};
  // "module" is in esbuild's default, which this list replaces.
  if (client === "sdk") return { conditions: [SDK_CLIENT, "module"] };
  throw new Error(`TABLE_CLIENT is "${client}"; allowed: lean, which is the default, and sdk.`);
}

export const BUNDLE_OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  minify: true,
  platform: "node",
  // The oldest runtime that can be configured.
  target: "node22",
  format: "esm",
  // The SDK's ES modules are under "module". For Node, esbuild prefers "main", which it cannot tree-shake.
  mainFields: ["module", "main"],
  ...conditionsFor(process.env.TABLE_CLIENT),
  outExtension: { ".js": ".mjs" },
  banner: { js: REQUIRE },
  external: NEVER_LOADED,
  // Escapes would make the table of lookalike letters 50% larger.
  charset: "utf8",
  legalComments: "none",
  logLevel: "silent",
} satisfies BuildOptions;

/** The files of one folder that become functions, without extension. */
export interface Entries {
  readonly folder: string;
  readonly entries: readonly string[];
  /** The client of DynamoDB, like `TABLE_CLIENT`, which is the default. */
  readonly tableClient?: string;
}

export const bundleHandlers = (entries: readonly string[], directory: string): ReadonlyMap<string, Bundle> =>
  bundle({ folder: "handlers", entries }, directory);

/**
 * Bundles each entry into an archive under `directory`. The same sources give the same bytes on every machine and in every
 * folder.
 */
export function bundle(from: Entries, directory: string): ReadonlyMap<string, Bundle> {
  mkdirSync(directory, { recursive: true });
  const modules = build(from);
  return new Map(modules.map(({ entry, code }) => [entry, archive(code, join(directory, `${entry}.zip`))]));
}

function build({ folder, entries, tableClient }: Entries): { entry: string; code: Uint8Array }[] {
  try {
    const entryPoints = entries.map((entry) => `${folder}/${entry}.ts`);
    const { outputFiles } = buildSync({
      ...BUNDLE_OPTIONS,
      ...conditionsFor(tableClient),
      entryPoints,
      outdir: folder,
    });
    return outputFiles.map(({ contents }, index) => ({ entry: entries[index] as string, code: contents }));
  } catch (failure) {
    throw new Error(compileError(failure as BuildFailure), { cause: failure });
  }
}

/** The first error of a build, with its file and its line. */
export function compileError({ errors: [error], message }: BuildFailure): string {
  const { text = message, location } = error ?? {};
  const at = location ? `${location.file}:${location.line}:${location.column}: ` : "";
  return `A handler does not compile. ${at}${text}`;
}

/**
 * Archives that take no time to build, for a Terraform whose functions run from other code. The hash of each is the name
 * of its entry, by which that code is found.
 */
export function placeholderBundles(entries: readonly string[], directory: string): ReadonlyMap<string, Bundle> {
  mkdirSync(directory, { recursive: true });
  const code = strToU8('throw new Error("This archive is a placeholder. Run npm run synth.");\n');
  const bundleOf = (entry: string) => archive(code, join(directory, `${entry}.zip`));
  return new Map(entries.map((entry) => [entry, { ...bundleOf(entry), sourceCodeHash: entry }]));
}

function archive(code: Uint8Array, archivePath: string): Bundle {
  // Not Node's zlib: its output differs between Node versions and processors.
  const zip = zipSync({ "index.mjs": [code, { ...READABLE, mtime: EPOCH }] }, { level: 9 });
  writeFileSync(archivePath, zip);
  return { archivePath, sourceCodeHash: createHash("sha256").update(zip).digest("base64") };
}
