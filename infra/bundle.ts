import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildFailure, type BuildOptions, buildSync } from "esbuild";
import { zipSync } from "fflate";

/** A function's code, ready for Lambda. */
export interface Bundle {
  readonly archivePath: string;
  /** Base64 of the archive's SHA-256, as Lambda and Terraform compare it. */
  readonly sourceCodeHash: string;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The zip format's first day, in local time as it keeps it: the same bytes in every time zone. */
const EPOCH = new Date(1980, 0, 1);

/** A plain file, readable by all: what Lambda needs, and `0` would not say on every system. */
const READABLE = { os: 3, attrs: 0o100644 << 16 };

/**
 * What no function of ours ever asks for, and so need not carry: the ways to find credentials that Lambda does not use,
 * streams of events, undici's parser for processors without SIMD, and its form data. Measured: 220 KB of 620.
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
];

/** How esbuild makes what runs in Lambda. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  minify: true,
  platform: "node",
  target: "node22",
  format: "esm",
  // The SDK's ES modules come under "module"; esbuild prefers "main" for node, and would carry it whole.
  mainFields: ["module", "main"],
  outExtension: { ".js": ".mjs" },
  // undici is CommonJS, which asks for Node's own modules by a function that ES modules lack.
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
  external: NEVER_LOADED,
  // Escapes would make the table of lookalike letters half as large again.
  charset: "utf8",
  legalComments: "none",
  logLevel: "silent",
} satisfies BuildOptions;

/** The files of one folder that become functions, without their ending. */
export interface Entries {
  readonly folder: string;
  readonly entries: readonly string[];
}

/** Bundles each entry of `handlers/`. */
export const bundleHandlers = (entries: readonly string[], directory: string): ReadonlyMap<string, Bundle> =>
  bundle({ folder: "handlers", entries }, directory);

/**
 * Bundles each entry into an archive of its own under `directory`.
 * The same sources give the same bytes, on any machine and in any folder.
 */
export function bundle(from: Entries, directory: string): ReadonlyMap<string, Bundle> {
  mkdirSync(directory, { recursive: true });
  const modules = build(from);
  return new Map(modules.map(({ entry, code }) => [entry, archive(code, join(directory, `${entry}.zip`))]));
}

function build({ folder, entries }: Entries): { entry: string; code: Uint8Array }[] {
  try {
    const entryPoints = entries.map((entry) => `${folder}/${entry}.ts`);
    const { outputFiles } = buildSync({ ...BUNDLE_OPTIONS, entryPoints, outdir: folder });
    return outputFiles.map(({ contents }, index) => ({ entry: entries[index] as string, code: contents }));
  } catch (failure) {
    throw new Error(`A handler does not compile. ${firstError(failure as BuildFailure)}`, { cause: failure });
  }
}

function firstError({ errors: [error], message }: BuildFailure): string {
  const { text = message, location } = error ?? {};
  return location ? `${location.file}:${location.line}:${location.column}: ${text}` : text;
}

function archive(code: Uint8Array, archivePath: string): Bundle {
  // Compressed by fflate and not by Node's zlib, whose output differs between Node versions and processors.
  const zip = zipSync({ "index.mjs": [code, { ...READABLE, mtime: EPOCH }] }, { level: 9 });
  writeFileSync(archivePath, zip);
  return { archivePath, sourceCodeHash: createHash("sha256").update(zip).digest("base64") };
}
