import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const directories: string[] = [];

process.once("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A folder for a test, which is deleted when the process exits. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "chat-test-"));
  directories.push(directory);
  return directory;
}
