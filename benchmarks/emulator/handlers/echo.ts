interface Message {
  readonly body: string;
}

/** Echoes with the route response, which needs no request. */
export const handler = async ({ body }: Message) => ({ statusCode: 200, body });
