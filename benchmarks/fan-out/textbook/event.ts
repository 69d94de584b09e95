/** The fields of an event that these handlers read. */
export interface TextbookEvent {
  readonly requestContext: { readonly connectionId: string };
  readonly body?: string;
}
