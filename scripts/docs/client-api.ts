import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PACKAGE = join(ROOT, "packages/client");

/** A declaration in the model that API Extractor writes. https://api-extractor.com/pages/setup/configure_doc_model/ */
interface Item {
  readonly kind: string;
  readonly name: string;
  readonly docComment?: string;
  readonly excerptTokens?: readonly { readonly text: string }[];
  readonly members?: readonly Item[];
}

const KINDS = [
  ["Function", "Functions"],
  ["Interface", "Interfaces"],
  ["TypeAlias", "Types"],
  ["Class", "Classes"],
  ["Variable", "Constants"],
] as const;

/** The reference of packages/client in Markdown, from the types and the comments of its sources. Takes a few seconds. */
export function clientApi(): string {
  const folder = mkdtempSync(join(tmpdir(), "client-api-"));
  try {
    compileTypes(folder);
    const [client, react] = ["client", "react"].map((entry) => itemsOf(folder, entry));
    return [
      "# API of the client\n",
      "<!-- Generated from packages/client/src by npm run update. -->\n",
      "The exports of the package `@serverless-chat/client`. [docs/client.md](client.md) is the guide.\n",
      chapter("@serverless-chat/client", client ?? []),
      chapter("@serverless-chat/client/react", (react ?? []).filter(isNotIn(client ?? []))),
    ].join("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const isNotIn =
  (others: readonly Item[]) =>
  ({ name }: Item): boolean =>
    !others.some((other) => other.name === name);

/** In a separate folder: a build of the package can run at the same time. */
function compileTypes(folder: string): void {
  cpSync(join(PACKAGE, "package.json"), join(folder, "package.json"));
  cpSync(join(PACKAGE, "src"), join(folder, "src"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const flags = ["--project", join(PACKAGE, "tsconfig.build.json"), "--outDir", join(folder, "dist")];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...flags, "--emitDeclarationOnly"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The types of packages/client cannot be compiled:\n${stdout}`);
}

function itemsOf(folder: string, entry: string): readonly Item[] {
  const apiJsonFilePath = join(folder, `${entry}.api.json`);
  const reactTypes = dirname(createRequire(join(PACKAGE, "package.json")).resolve("@types/react/package.json"));
  const none = { logLevel: ExtractorLogLevel.None };
  const warning = { logLevel: ExtractorLogLevel.Warning };
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, `dist/${entry}.d.ts`),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: "nodenext",
            target: "es2023",
            strict: true,
            types: ["node"],
            skipLibCheck: true,
            paths: { react: [reactTypes] },
          },
          files: [join(folder, `dist/${entry}.d.ts`)],
        },
      },
      apiReport: { enabled: false },
      docModel: { enabled: true, apiJsonFilePath },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: warning },
        extractorMessageReporting: { default: none },
        tsdocMessageReporting: { default: warning },
      },
    },
    configObjectFullPath: join(folder, "api-extractor.json"),
    packageJsonFullPath: join(folder, "package.json"),
  });
  const messages: string[] = [];
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      if (message.logLevel === "warning" || message.logLevel === "error") messages.push(message.text);
      message.handled = true;
    },
  });
  if (!succeeded || messages.length > 0) throw new Error(`API Extractor reports:\n${messages.join("\n")}`);
  const [entryPoint]: readonly Item[] = JSON.parse(readFileSync(apiJsonFilePath, "utf8")).members;
  return entryPoint?.members ?? [];
}

function chapter(name: string, items: readonly Item[]): string {
  const sections = KINDS.map(([kind, title]) => {
    const own = items.filter((item) => item.kind === kind);
    return own.length === 0 ? "" : `### ${title}\n\n${own.map(sectionOf).join("\n")}`;
  });
  return `## ${name}\n\n${sections.filter(Boolean).join("\n")}`;
}

function sectionOf(item: Item): string {
  const members = (item.members ?? []).map(memberLine);
  const table = members.length === 0 ? [] : ["| member | |", "|---|---|", ...members, ""];
  const signature = signatureOf(item);
  const code = item.kind === "Interface" || item.kind === "Class" ? [] : ["```ts", signature, "```", ""];
  return [`#### ${item.name}\n`, ...textOf(item), ...code, ...table].join("\n");
}

function memberLine(member: Item): string {
  const [description = ""] = textOf(member);
  const signature = signatureOf(member).replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
  return `| \`${signature}\` | ${description.trim().replaceAll(/\s+/g, " ").replaceAll("|", "\\|")} |`;
}

const signatureOf = ({ excerptTokens = [] }: Item): string =>
  excerptTokens
    .map(({ text }) => text)
    .join("")
    .replace(/^export (declare )?/, "")
    .replace(/;$/, "");

/** The comment as Markdown. Links to other declarations lead to their sections. */
function textOf({ docComment = "" }: Item): readonly string[] {
  const text = docComment
    .trim()
    .replaceAll(/^\/\*\*|\*\/$/g, "")
    .replaceAll(/^[ \t]*\*[ \t]?/gm, "")
    .replaceAll(/\{@link ([\w.]+)\}/g, (_, name: string) => `[${name}](#${name.toLowerCase()})`)
    .trim();
  return text ? [`${text}\n`] : [];
}
