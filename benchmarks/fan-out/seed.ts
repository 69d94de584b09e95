import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { TableConfig } from "@serverless-chat/emulator/terraform/tables";
import { channels } from "../../aws/table/channels.ts";
import { connections } from "../../aws/table/connections.ts";
import { members } from "../../aws/table/members.ts";
import { names } from "../../aws/table/names.ts";
import { SHARD_MEMBERS } from "../../chat/channel.ts";
import type { Connected } from "../../chat/connection.ts";
import { forEachConcurrently } from "../../chat/fan-out/concurrency.ts";
import { SUBPROTOCOL } from "../../chat/protocol/client-frames.ts";
import { type Actor, CHAT_TABLE, channelOf, idsOf, textbookTable } from "./audience.ts";

const WRITES_AT_ONCE = 32;

/** The tables of audiences of these sizes. */
export const tablesFor = (sizes: readonly number[]): TableConfig[] => [
  aTable(CHAT_TABLE, { pk: "HASH", sk: "RANGE" }),
  ...sizes.map((size) => aTable(textbookTable(size), { connectionId: "HASH" })),
];

const aTable = (name: string, keys: Readonly<Record<string, "HASH" | "RANGE">>): TableConfig => ({
  name,
  keys: Object.entries(keys).map(([attribute, role]) => ({ attribute, role, type: "S" })),
  indexes: [],
  ttlAttribute: undefined,
});

/** So many as the channel has grown to after as many have come. */
function shardsOf(size: number): number {
  let shards = 1;
  while (size / shards > SHARD_MEMBERS) shards *= 2;
  return shards;
}

/** Fills the tables: as the chat's own functions do, and as the textbook's. */
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

/** Opens a channel to one connection, whose user has the channel's name. */
export async function seedMember(client: DynamoDBClient, { connectionId, channel }: Actor): Promise<void> {
  const table = { client, name: CHAT_TABLE };
  const shard = { channel, shard: 0 };
  const own = {
    id: connectionId,
    connectedAt: Date.now(),
    user: channel,
    protocol: "plain",
    memberships: [shard],
  } as const;
  await channels(table, Date.now).open(channel);
  await connections(table, Date.now).add(own);
  await members(table, Date.now).add(shard, own);
  await names(table, Date.now).claim(channel, own);
}

async function put(client: DynamoDBClient, size: number, connectionId: string): Promise<void> {
  await client.send(
    new PutItemCommand({ TableName: textbookTable(size), Item: { connectionId: { S: connectionId } } }),
  );
}

/** Half of the members use the subprotocol. */
async function seedChannel(client: DynamoDBClient, size: number): Promise<void> {
  const table = { client, name: CHAT_TABLE };
  const channel = channelOf(size);
  const shards = shardsOf(size);
  const store = channels(table, Date.now);
  await store.open(channel);
  if (shards > 1) await store.grow(channel, shards);
  const everybody = idsOf(size).map(
    (id, index): Connected => ({
      id,
      connectedAt: Date.now(),
      user: `guest-${index}`,
      protocol: index % 2 === 0 ? "plain" : SUBPROTOCOL,
      memberships: [{ channel, shard: index % shards }],
    }),
  );
  await forEachConcurrently(
    everybody,
    ({ memberships: [shard = { channel, shard: 0 }], ...member }) => members(table, Date.now).add(shard, member),
    () => WRITES_AT_ONCE,
  );
  const [sender] = everybody;
  if (sender) await connections(table, Date.now).add(sender);
}
