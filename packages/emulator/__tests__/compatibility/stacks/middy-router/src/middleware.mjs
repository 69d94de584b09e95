/** A handler with middleware: `before` in order, `after` and `onError` in reverse order. */
export function withMiddleware() {
  const all = [];
  let handle;
  const afterwards = () => [...all].reverse();
  const attempt = async (request) => {
    for (const { before } of all) await before?.(request);
    request.response = await handle(request.event, request.context);
    for (const { after } of afterwards()) await after?.(request);
  };
  const run = async (event, context) => {
    const request = { event, context };
    await attempt(request).catch(async (error) => {
      request.error = error;
      for (const { onError } of afterwards()) await onError?.(request);
      if (request.response === undefined) throw error;
    });
    return request.response;
  };
  run.use = (middleware) => {
    all.push(middleware);
    return run;
  };
  run.handler = (handler) => {
    handle = handler;
    return run;
  };
  return run;
}

const failure = (statusCode, message) => Object.assign(new Error(message), { statusCode });

/** Parses the body. `$connect` and `$disconnect` have none. */
export const jsonBody = () => ({
  before({ event }) {
    if (event.body === undefined) return;
    try {
      event.body = JSON.parse(event.isBase64Encoded ? Buffer.from(event.body, "base64").toString() : event.body);
    } catch {
      throw failure(422, "Invalid or malformed JSON was provided");
    }
  },
});

/** The response is the body. */
export const responseBody = () => ({
  after(request) {
    request.response = { statusCode: 200, body: JSON.stringify(request.response) };
  },
  onError(request) {
    const { statusCode = 500, message } = request.error;
    request.response = { statusCode, body: message };
  },
});

export const routes = (table) => (event, context) => {
  const found = table.find(({ routeKey }) => routeKey === event.requestContext.routeKey);
  if (!found) throw failure(404, "Route does not exist");
  return found.handler(event, context);
};
