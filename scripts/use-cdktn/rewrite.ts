/** The packages that turn the program into Terraform: HashiCorp's `cdktf`, which is archived, or its successor `cdktn`. */
export type Toolkit = "cdktf" | "cdktn";

type Texts = readonly Readonly<Record<Toolkit, string>>[];

/** All that differs in package.json. cdktn-cli requires Node.js 22.19, and needs no override of a native package. */
const MANIFEST: Texts = [
  { cdktf: '"node": ">=20.19.0"', cdktn: '"node": ">=22.19.0"' },
  { cdktf: '"@cdktf/provider-aws": "21.22.1"', cdktn: '"@cdktn/provider-aws": "25.7.0"' },
  { cdktf: '"cdktf": "0.21.0"', cdktn: '"cdktn": "0.24.0"' },
  { cdktf: '"cdktf-cli": "0.21.0"', cdktn: '"cdktn-cli": "0.24.0"' },
  {
    cdktf: '"overrides": {\n    "@cdktf/node-pty-prebuilt-multiarch": "npm:@lydell/node-pty@1.1.0"\n  }',
    cdktn: '"overrides": {}',
  },
];

/** All that differs in other files. */
const TEXTS: Texts = [
  // The end of an import.
  { cdktf: ' "cdktf";', cdktn: ' "cdktn";' },
  { cdktf: '"@cdktf/provider-aws/', cdktn: '"@cdktn/provider-aws/' },
  { cdktf: "npx cdktf ", cdktn: "npx cdktn " },
  { cdktf: "node: [20.19.0, 22, 24]", cdktn: "node: [22.19.0, 24]" },
  { cdktf: "Node.js 20.19 or newer", cdktn: "Node.js 22.19 or newer" },
  { cdktf: "CI tests\n[Node.js 20, 22 and 24]", cdktn: "CI tests\n[Node.js 22 and 24]" },
  {
    cdktf: "[CDKTF](https://developer.hashicorp.com/terraform/cdktf)",
    cdktn: "[CDK Terrain](https://github.com/open-constructs/cdk-terrain)",
  },
  { cdktf: "In use: `cdktf`.", cdktn: "In use: `cdktn`." },
];

/** npm writes the lock. The command itself and its tests name both toolkits. */
const NOT_REWRITTEN = /^(package-lock\.json$|(__tests__\/)?scripts\/use-cdktn)/;

/** The toolkit in the text of package.json. */
export const toolkitOf = (manifest: string): Toolkit =>
  "cdktn" in JSON.parse(manifest).devDependencies ? "cdktn" : "cdktf";

/**
 * Returns the text that a file has with a toolkit. `path` is relative to the repository. Throws if package.json lacks what is
 * to be replaced, because a package that stays behind would still be installed.
 */
export function rewrite({ path, text }: { readonly path: string; readonly text: string }, to: Toolkit): string {
  if (NOT_REWRITTEN.test(path)) return text;
  const isManifest = path === "package.json";
  const from: Toolkit = to === "cdktn" ? "cdktf" : "cdktn";
  return (isManifest ? MANIFEST : TEXTS).reduce((rewritten, { [from]: old, [to]: replacement }) => {
    if (isManifest && !rewritten.includes(old)) {
      throw new Error(
        `package.json does not contain ${old}. Correct MANIFEST in scripts/use-cdktn/rewrite.ts, which lists the text to replace.`,
      );
    }
    return rewritten.replaceAll(old, replacement);
  }, text);
}

/** Whether a version of Node.js, such as `22.19.0`, can run cdktn-cli. */
export function runsCdktn(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 19);
}
