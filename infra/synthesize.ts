import { join } from "node:path";
import { App } from "cdktf";
import { services } from "../chatops/services.ts";
import { authorizer, chatOps, routes, workers } from "../handlers/routes.ts";
import { BootstrapStack, needsBootstrap } from "./bootstrap-stack.ts";
import { bundleHandlers } from "./bundle.ts";
import { ChatStack } from "./chat-stack.ts";
import { checkSettings } from "./settings/check-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { lockProvider } from "./terraform.ts";

/** Writes the Terraform and the function archives of each environment into cdktf's output folder. */
export function synthesize(settings: Settings): void {
  checkSettings(settings);
  const { environments, stateBucket } = settings;
  const app = new App();
  const entries = [...routes, ...workers, authorizer, chatOps].map(({ entry }) => entry);
  const bundles = bundleHandlers(entries, join(app.outdir, "bundles"));
  for (const environment of environments) {
    new ChatStack(app, { environment, stateBucket, routes, workers, authorizer, chatOps, services, bundles });
  }
  if (needsBootstrap(settings)) new BootstrapStack(app, settings);
  app.synth();
  lockProvider(app);
}
