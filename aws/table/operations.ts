import type {
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  BatchWriteItemCommandInput,
  BatchWriteItemCommandOutput,
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  PutItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";

/** The operations of DynamoDB that the chat uses, with the types of the SDK. */
export interface Operations {
  readonly GetItem: { readonly input: GetItemCommandInput; readonly output: GetItemCommandOutput };
  readonly PutItem: { readonly input: PutItemCommandInput; readonly output: PutItemCommandOutput };
  readonly UpdateItem: { readonly input: UpdateItemCommandInput; readonly output: UpdateItemCommandOutput };
  readonly DeleteItem: { readonly input: DeleteItemCommandInput; readonly output: DeleteItemCommandOutput };
  readonly BatchGetItem: { readonly input: BatchGetItemCommandInput; readonly output: BatchGetItemCommandOutput };
  readonly BatchWriteItem: { readonly input: BatchWriteItemCommandInput; readonly output: BatchWriteItemCommandOutput };
  readonly Query: { readonly input: QueryCommandInput; readonly output: QueryCommandOutput };
}

export interface SendOptions {
  /** Aborts the request and its retries: the call rejects with an AbortError. */
  readonly abortSignal?: AbortSignal;
}

/**
 * Sends a request to DynamoDB, and retries it after a temporary fault. Resolves with the output of the operation, and the
 * number of attempts in `$metadata.attempts`. Rejects with an Error that has the name that DynamoDB gives the error, such
 * as `ConditionalCheckFailedException`, and the same `$metadata`.
 */
export type Send = <Operation extends keyof Operations>(
  operation: Operation,
  input: Operations[Operation]["input"],
  options?: SendOptions,
) => Promise<Operations[Operation]["output"]>;
