import { join } from "node:path";
import { App } from "cdktf";
import { routes, workers } from "./handlers/routes.ts";
import { BootstrapStack } from "./infra/bootstrap-stack.ts";
import { bundleHandlers } from "./infra/bundle.ts";
import { ChatStack } from "./infra/chat-stack.ts";
import { environments, PROJECT, STATE_BUCKET } from "./infra/environments.ts";
import { lockProvider } from "./infra/provider-lock.ts";
import { checkSettings } from "./infra/settings.ts";

checkSettings({ project: PROJECT, environments, stateBucket: STATE_BUCKET });
const app = new App();
const entries = [...routes, ...workers].map(({ entry }) => entry);
const bundles = bundleHandlers(entries, join(app.outdir, "bundles"));
for (const environment of environments) {
  new ChatStack(app, { environment, stateBucket: STATE_BUCKET, routes, workers, bundles });
}
if (STATE_BUCKET) new BootstrapStack(app, STATE_BUCKET);
app.synth();
lockProvider(app);
