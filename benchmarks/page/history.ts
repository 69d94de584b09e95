import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { ulid } from "ulid";
import { putBatch } from "../../aws/table/batches.ts";
import { messages } from "../../aws/table/messages.ts";
import type { Table } from "../../aws/table/table.ts";

const MILLISECONDS_BETWEEN = 180_000;
const RETENTION_DAYS = 30;
const LONG_TEXT =
  " with `code`, https://example.com/ and a text that is long enough for two lines on most screens, which is what makes lists jump.";

/** The text of a message in the history. */
export const textOf = (index: number): string => `Message ${index}${index % 7 === 0 ? LONG_TEXT : ""}`;

/** Writes messages of three users into the lobby of a chat, the last one a minute ago. */
export async function fillLobby(table: Table, count: number): Promise<void> {
  const now = Date.now();
  const items: Record<string, AttributeValue>[] = [];
  // The adapter writes message by message. Its items are collected, because batches are much faster.
  const collecting = {
    name: table.name,
    send: async (_operation: string, { Item }: { readonly Item?: Record<string, AttributeValue> }) => {
      if (Item) items.push(Item);
      return { $metadata: {} };
    },
  } as Table;
  const { store } = messages(collecting, { now: () => now, retentionDays: RETENTION_DAYS });
  for (let index = 0; index < count; index += 1) {
    const id = ulid(now - 60_000 - (count - 1 - index) * MILLISECONDS_BETWEEN);
    const from = ["anna", "ben", "carl"][Math.floor(index / 3) % 3] ?? "anna";
    await store({ id, channel: "lobby", from, data: textOf(index) });
  }
  await putBatch(table, items);
}
