import { environments, STATE_BUCKET } from "./infra/environments.ts";
import { synthesize } from "./infra/synthesize.ts";

synthesize({ environments, stateBucket: STATE_BUCKET });
