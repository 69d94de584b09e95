import { environments, PROJECT, STATE_BUCKET } from "./infra/environments.ts";
import { synthesize } from "./infra/synthesize.ts";

await synthesize(
  { project: PROJECT, environments, stateBucket: STATE_BUCKET },
  {
    async buildWebsite(folder) {
      // Vite takes long to load, and most environments have no page.
      const { buildWeb } = await import("./scripts/build-web.ts");
      await buildWeb(folder);
    },
  },
);
