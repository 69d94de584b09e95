import { lambda } from "./runtime/lambda.ts";

/** Echoes by the route response, which needs no permission, no SDK and no second request. */
export const handler = lambda(async (_, { body }) => ({ body }), {});
