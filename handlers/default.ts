import { configOf } from "../aws/config.ts";
import { lambda } from "./runtime/lambda.ts";
import * as settings from "./settings.ts";

configOf(settings.echo);

/** Echoes by the route response, which needs no permission, no SDK and no second request. */
export const handler = lambda(async (_, { body }) => ({ body }), {});
