import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Environment } from "../../infra/settings/settings.ts";
import type { AuthenticationReplacement } from "./issuer.ts";

export interface SynthesisRequest {
  /** The name of the stack; default: that of the first environment. */
  readonly stack: string | undefined;
  /** A folder for a Terraform without archives; default: `cdktf.out`, with archives. */
  readonly folder: string | undefined;
  /** The port that serves the page, if there is one. */
  readonly pagePort: number | undefined;
  readonly authentication: AuthenticationReplacement | undefined;
}

export interface SynthesisResult {
  readonly stackDirectory: string;
  /** The environments with changed settings. */
  readonly environments: readonly Environment[];
  /** The entries of all functions of the project. */
  readonly entries: readonly string[];
  /** The entry of each function of the stack, by its name in AWS. Only for a Terraform without archives. */
  readonly entryOf: Readonly<Record<string, string>>;
}

const PROCESS = fileURLToPath(new URL("synthesis-process.ts", import.meta.url));

/** Starts to load what a synthesis needs, while the caller does something else. */
export const startSynthesis = (): ChildProcess => fork(PROCESS, { stdio: ["ignore", "ignore", "inherit", "ipc"] });

/** Synthesizes the stack in a separate process. Rejects with an explanation if it fails. */
export async function synthesize(request: SynthesisRequest, child = startSynthesis()): Promise<SynthesisResult> {
  child.send(request);
  const ended = once(child, "exit").then(([code]) => ({ error: `The synthesis ended with the exit code ${code}.` }));
  const received = once(child, "message").then(([message]) => message as SynthesisResult | { readonly error: string });
  const result = await Promise.race([received, ended]);
  if ("error" in result) throw new Error(result.error);
  return result;
}
