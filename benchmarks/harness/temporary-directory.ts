import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
