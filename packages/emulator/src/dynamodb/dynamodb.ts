import { deleteExpired } from "./expiry.ts";
import { type GuardOptions, type Store, type StoreOptions, startStore } from "./store.ts";
import { createTables } from "./tables.ts";

export interface DynamodbOptions extends StoreOptions, GuardOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How often expired items are looked for. DynamoDB takes its time too. */
const EXPIRY_MILLISECONDS = 60_000;

/** Starts DynamoDB with the stack's tables in it. */
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
    // A store that is away is the functions' to report; what this round missed, the next one finds.
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
