import { jsonBody, responseBody, routes, withMiddleware } from "./middleware.mjs";

const table = [
  { routeKey: "$connect", handler: () => "connected" },
  { routeKey: "$disconnect", handler: () => "disconnected" },
  { routeKey: "$default", handler: ({ body }, { functionName }) => ({ from: functionName, got: body.text }) },
];

export const handler = withMiddleware().use(jsonBody()).use(responseBody()).handler(routes(table));
