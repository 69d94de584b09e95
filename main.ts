import { join } from "node:path";
import { App } from "cdktf";
import { authorizer, routes, workers } from "./handlers/routes.ts";
import { bundleHandlers } from "./infra/bundle.ts";
import { ChatStack } from "./infra/chat-stack.ts";
import { environments, STATE_BUCKET } from "./infra/environments.ts";
import { checkSettings } from "./infra/settings.ts";

checkSettings({ environments, stateBucket: STATE_BUCKET });
const app = new App();
const entries = [...routes, ...workers, authorizer].map(({ entry }) => entry);
const bundles = bundleHandlers(entries, join(app.outdir, "bundles"));
for (const environment of environments) new ChatStack(app, { environment, routes, workers, authorizer, bundles });
app.synth();
