interface Message {
  readonly body: string;
}

/** Answers by the route response: no call to anywhere. */
export const handler = async ({ body }: Message) => ({ statusCode: 200, body });
