interface Message {
  readonly requestContext: { readonly connectionId: string };
}

/** Tells a client its connection id. */
export const handler = async ({ requestContext }: Message) => ({ statusCode: 200, body: requestContext.connectionId });
