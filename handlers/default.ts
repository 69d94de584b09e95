import { type Handler, lambda } from "./runtime/lambda.ts";

/** Answers by the route response: an echo needs no permission, no SDK and no second request. */
export const echo: Handler<unknown> = async (_, { body }) => ({ answer: body });

export const handler = lambda(echo, {});
