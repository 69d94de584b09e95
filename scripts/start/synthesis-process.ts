/* A process that synthesizes the stack once: it reads changed settings and constructs, and its memory is freed after. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment, Settings } from "../../infra/settings/settings.ts";
import { synthesizedStack } from "../synthesized.ts";
import { handlerEntries } from "./development-build.ts";
import { replaceAuthentication } from "./issuer.ts";
import { allowPage } from "./page-settings.ts";
import type { SynthesisRequest, SynthesisResult } from "./synthesis.ts";

async function synthesize({ stack, folder, pagePort, authentication }: SynthesisRequest): Promise<SynthesisResult> {
  let environments: readonly Environment[] = [];
  const change = (settings: Settings): Settings => {
    const withPage = pagePort === undefined ? settings : allowPage(settings, pagePort);
    const changed = withoutWebsite(authentication ? replaceAuthentication(withPage, authentication) : withPage);
    ({ environments } = changed);
    return changed;
  };
  const stackDirectory = await synthesizedStack(stack, { change, withoutArchives: folder });
  const entries = await handlerEntries();
  return { stackDirectory, environments, entries, entryOf: await entriesIn(stackDirectory) };
}

/** This machine serves the page itself, without a distribution. */
function withoutWebsite(settings: Settings): Settings {
  const environments = settings.environments.map(({ website: _, ...environment }) => environment);
  return { ...settings, environments };
}

/** Without archives, the hash of each is its entry. */
async function entriesIn(stackDirectory: string): Promise<Record<string, string>> {
  const { resource } = JSON.parse(await readFile(join(stackDirectory, "cdk.tf.json"), "utf8"));
  const functions = Object.values<FunctionAttributes>(resource?.aws_lambda_function ?? {});
  return Object.fromEntries(functions.map((each) => [each.function_name, each.source_code_hash]));
}

interface FunctionAttributes {
  readonly function_name: string;
  readonly source_code_hash: string;
}

process.once("message", (request: SynthesisRequest) => {
  void synthesize(request)
    .catch((fault: Error) => ({ error: fault.message }))
    .then((result) => process.send?.(result, () => process.disconnect()));
});
