import { deleteExpired } from "./expiry.ts";
import { type GuardOptions, type Store, type StoreOptions, startStore } from "./store.ts";
import { createTables } from "./tables.ts";

export interface DynamodbOptions extends StoreOptions, GuardOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How often expired items are deleted. DynamoDB does not delete them immediately either. */
const EXPIRY_MILLISECONDS = 60_000;

/** Starts DynamoDB and creates the stack's tables. */
export async function startDynamodb(options: DynamodbOptions): Promise<Store> {
  const { tables } = options.guardData;
  const store = await startStore(options, options);
  try {
    await Promise.race([createTables(store.client, tables), store.broken]);
  } catch (fault) {
    await store.stop();
    throw fault;
  }
  const expiry = setInterval(() => {
    // The functions report an unreachable store, and the next run finds the items that this one missed.
    deleteExpired({ client: store.client, tables, now: options.now }).catch(() => undefined);
  }, EXPIRY_MILLISECONDS);
  return {
    ...store,
    async stop() {
      clearInterval(expiry);
      await store.stop();
    },
  };
}
