/** What the textbook's handlers read of an event. */
export interface TextbookEvent {
  readonly requestContext: { readonly connectionId: string };
  readonly body?: string;
}
