import { rmSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { services } from "../chatops/services.ts";
import { authorizer, chatOps, eventSender, routes, workers } from "../handlers/routes.ts";
import { BootstrapStack, needsBootstrap } from "./bootstrap-stack.ts";
import { bundleHandlers } from "./bundle.ts";
import { ChatStack } from "./chat-stack.ts";
import { checkSettings } from "./settings/check-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { websiteIn } from "./settings/website.ts";
import { lockProvider } from "./terraform.ts";
import { readWebsite, type WebsiteFile } from "./website-files.ts";

/** Builds the page into a folder, which may not exist. The same sources must give the same bytes. */
export type BuildWebsite = (folder: string) => Promise<void>;

export interface SynthesizeOptions {
  readonly buildWebsite: BuildWebsite;
  /** Builds the archives of entries into a folder; default: those that are deployed. */
  readonly bundle?: typeof bundleHandlers;
  /** Default: cdktf's output folder. */
  readonly folder?: string | undefined;
}

/**
 * Writes the Terraform and the function archives of each environment into a folder. Builds the page only if an environment
 * has one.
 */
export async function synthesize(
  settings: Settings,
  { buildWebsite, bundle = bundleHandlers, folder }: SynthesizeOptions,
): Promise<void> {
  checkSettings(settings);
  const { environments, stateBucket } = settings;
  const app = new App(folder === undefined ? {} : { outdir: folder });
  const entries = [...routes, ...workers, eventSender, authorizer, chatOps].map(({ entry }) => entry);
  const bundles = bundle(entries, join(app.outdir, "bundles"));
  const websiteFiles = environments.some(websiteIn)
    ? await builtWebsite(buildWebsite, join(app.outdir, "website"))
    : [];
  const shared = { stateBucket, routes, workers, eventSender, authorizer, chatOps, services, bundles, websiteFiles };
  for (const environment of environments) new ChatStack(app, { environment, ...shared });
  if (needsBootstrap(settings)) new BootstrapStack(app, settings);
  app.synth();
  lockProvider(app);
}

/** Without the files of an earlier build. */
async function builtWebsite(build: BuildWebsite, folder: string): Promise<readonly WebsiteFile[]> {
  rmSync(folder, { recursive: true, force: true });
  await build(folder);
  return readWebsite(folder);
}
