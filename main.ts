import { environments, PROJECT, STATE_BUCKET } from "./infra/environments.ts";
import { synthesize } from "./infra/synthesize.ts";

synthesize({ project: PROJECT, environments, stateBucket: STATE_BUCKET });
