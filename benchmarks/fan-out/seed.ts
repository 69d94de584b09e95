import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { TableConfig } from "@serverless-chat/emulator/terraform/tables";
import { channels } from "../../aws/table/channels.ts";
import { connections } from "../../aws/table/connections.ts";
import { members } from "../../aws/table/members.ts";
import { sdkTable } from "../../aws/table/sdk-client.ts";
import { names } from "../../aws/table/users.ts";
import { SHARD_MEMBERS } from "../../chat/channel.ts";
import type { Connected } from "../../chat/connection.ts";
import { forEachConcurrently } from "../../chat/fan-out/concurrency.ts";
import { SUBPROTOCOL } from "../../chat/protocol/subprotocol.ts";

/** The member who sends a frame. */
export interface Actor {
  readonly connectionId: string;
  readonly channel: string;
}

export const CHAT_TABLE = "chat";

/** The public samples have no channels: every connection in the table receives every message. */
export const textbookTable = (size: number): string => `textbook-${size}`;

export const channelOf = (size: number): string => `audience-${size}`;

/** Connection ids of the length that API Gateway's have, with `=` at the end. */
export const idsOf = (size: number): string[] =>
  Array.from({ length: size }, (_, index) =>
    Buffer.from(`${String(size).padStart(5)}-${String(index).padStart(5)}`).toString("base64"),
  );

/** The member who sends the messages. */
export const senderOf = (size: number): string => idsOf(size)[0] ?? "";

const WRITES_AT_ONCE = 32;

/** The table of the chat, and a table of the public samples for each size. */
export const tablesFor = (sizes: readonly number[]): TableConfig[] => [
  tableOf(CHAT_TABLE, { pk: "HASH", sk: "RANGE" }),
  ...sizes.map((size) => tableOf(textbookTable(size), { connectionId: "HASH" })),
];

const tableOf = (name: string, keys: Readonly<Record<string, "HASH" | "RANGE">>): TableConfig => ({
  name,
  keys: Object.entries(keys).map(([attribute, role]) => ({ attribute, role, type: "S" })),
  indexes: [],
  ttlAttribute: undefined,
});

/** The number of shards of a channel that has grown to this size. */
function shardsOf(size: number): number {
  let shards = 1;
  while (size / shards > SHARD_MEMBERS) shards *= 2;
  return shards;
}

/** Fills the tables with the items that the functions of the chat and of the public samples store. */
export async function seed(client: DynamoDBClient, sizes: readonly number[]): Promise<void> {
  for (const size of sizes) {
    await seedChannel(client, size);
    await forEachConcurrently(
      idsOf(size),
      (id) => put(client, size, id),
      () => WRITES_AT_ONCE,
    );
  }
}

/** Creates a channel with one member, whose user name is that of the channel. */
export async function seedMember(client: DynamoDBClient, { connectionId, channel }: Actor): Promise<void> {
  const table = sdkTable(client, CHAT_TABLE);
  const shard = { channel, shard: 0 };
  const member = {
    id: connectionId,
    connectedAt: Date.now(),
    user: channel,
    protocol: "plain",
    memberships: [shard],
  } as const;
  await channels(table, Date.now).open(channel);
  await connections(table, Date.now).add(member);
  await members(table, Date.now).add(shard, member);
  await names(table, Date.now).claim(channel, member);
}

async function put(client: DynamoDBClient, size: number, connectionId: string): Promise<void> {
  await client.send(
    new PutItemCommand({ TableName: textbookTable(size), Item: { connectionId: { S: connectionId } } }),
  );
}

/** Half of the members use the subprotocol. */
async function seedChannel(client: DynamoDBClient, size: number): Promise<void> {
  const table = sdkTable(client, CHAT_TABLE);
  const channel = channelOf(size);
  const shards = shardsOf(size);
  const store = channels(table, Date.now);
  await store.open(channel);
  if (shards > 1) await store.grow(channel, shards);
  const all = idsOf(size).map(
    (id, index): Connected => ({
      id,
      connectedAt: Date.now(),
      user: `guest-${index}`,
      protocol: index % 2 === 0 ? "plain" : SUBPROTOCOL,
      memberships: [{ channel, shard: index % shards }],
    }),
  );
  await forEachConcurrently(
    all,
    ({ memberships: [shard = { channel, shard: 0 }], ...member }) => members(table, Date.now).add(shard, member),
    () => WRITES_AT_ONCE,
  );
  const [sender] = all;
  if (sender) await connections(table, Date.now).add(sender);
}
