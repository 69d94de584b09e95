import { configOf } from "../aws/config.ts";
import { type Handler, lambda } from "./runtime/lambda.ts";
import { settings } from "./settings.ts";

/** Answers by the route response: an echo needs no permission, no SDK and no second request. */
export const echo: Handler<unknown> = async (_, { body }) => ({ answer: body });

configOf(settings.default);

export const handler = lambda(echo, {});
