import { execFile, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { strToU8, zipSync } from "fflate";
import { freePorts, killOnExit } from "../../harness/child-process.ts";
import { writeStack } from "../stack.ts";
import type { Tool } from "../tool.ts";

const PACKAGE = fileURLToPath(new URL("../../../packages/emulator/", import.meta.url));

/** Builds the command of the package, and a stack to run with it. */
export async function buildEmulator(): Promise<Tool> {
  await promisify(execFile)("npm", ["run", "build"], { cwd: PACKAGE });
  const directory = await mkdtemp(join(tmpdir(), "benchmark-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  return {
    async run({ reloads }) {
      await writeStack(directory);
      const [port = 0] = await freePorts(1);
      const flags = ["--port", String(port), "--no-throttle", ...(reloads ? ["--watch"] : [])];
      const child = spawn(process.execPath, [join(PACKAGE, "dist/cli.js"), directory, ...flags], { stdio: "ignore" });
      killOnExit(child);
      return {
        url: `ws://127.0.0.1:${port}/bench`,
        child,
        saveEcho: (code) => writeFile(join(directory, "echo.zip"), zipSync({ "index.mjs": strToU8(code) })),
      };
    },
  };
}
