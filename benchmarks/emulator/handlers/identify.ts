interface Message {
  readonly requestContext: { readonly connectionId: string };
}

/** Returns the connection id of the client. */
export const handler = async ({ requestContext }: Message) => ({ statusCode: 200, body: requestContext.connectionId });
