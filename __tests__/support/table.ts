import { DynamoDBClient, paginateScan, type ScanCommandInput } from "@aws-sdk/client-dynamodb";
import type { Emulator } from "@serverless-chat/emulator";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { addresses } from "../../aws/table/addresses.ts";
import { channels } from "../../aws/table/channels.ts";
import { connections } from "../../aws/table/connections.ts";
import { conversations, knownUsers } from "../../aws/table/conversations.ts";
import { handshakes } from "../../aws/table/handshakes.ts";
import { invitations } from "../../aws/table/invitations.ts";
import { publishedKey } from "../../aws/table/keys.ts";
import { lastingChannels } from "../../aws/table/lasting-channels.ts";
import { leanClient } from "../../aws/table/lean-client.ts";
import { members } from "../../aws/table/members.ts";
import { messages, repeats } from "../../aws/table/messages.ts";
import { bans, mutes } from "../../aws/table/moderation.ts";
import { rates } from "../../aws/table/rates.ts";
import { reactions } from "../../aws/table/reactions.ts";
import { readMarkers } from "../../aws/table/read-markers.ts";
import { type SdkTable, sdkTable } from "../../aws/table/sdk-client.ts";
import type { Table } from "../../aws/table/table.ts";
import { userStatus } from "../../aws/table/user-status.ts";
import { looks, names, users } from "../../aws/table/users.ts";
import type { Now } from "../../chat/ports.ts";
import { RETENTION_DAYS, type Store } from "./memory.ts";
import { TABLE } from "./synthesized.ts";

/** The chat's table in a running emulator. */
export const tableOf = ({ dynamodbUrl }: Pick<Emulator, "dynamodbUrl">): SdkTable =>
  sdkTable(new DynamoDBClient({ endpoint: dynamodbUrl, region: "eu-west-2", credentials: localCredentials() }), TABLE);

/** A table behind the client that the functions have. It signs with the real time, and retries without a delay. */
export const leanTable = (endpoint: string, name: string): Table => ({
  name,
  ...leanClient({
    endpoint,
    region: "eu-west-2",
    credentials: localCredentials,
    now: Date.now,
    pause: async () => undefined,
    random: Math.random,
  }),
});

/** The store of the table adapters. */
export const storeIn = (table: Table, now: Now): Store => ({
  connections: connections(table, now),
  members: members(table, now),
  channels: channels(table, now),
  invitations: invitations(table, now),
  mutes: mutes(table, now),
  bans: bans(table, now),
  rates: rates(table, now),
  messages: messages(table, { now, retentionDays: RETENTION_DAYS }),
  conversations: conversations(table, { now, retentionDays: RETENTION_DAYS }),
  knownUsers: knownUsers(table),
  reactions: reactions(table, { now, retentionDays: RETENTION_DAYS }),
  readMarkers: readMarkers(table, { now, retentionDays: RETENTION_DAYS }),
  repeats: repeats(table, now),
  published: repeats(table, now, publishedKey),
  names: names(table, now),
  looks: looks(table, now),
  users: users(table, now),
  statusOf: userStatus(table, { now, directConversations: true, lastingMembership: true, checksBans: true }),
  addresses: addresses(table, now),
  lastingChannels: lastingChannels(table),
  handshakes: handshakes(table, now),
});

/** The number of items of connections: connections, members, names, users. */
export const itemsIn = async (table: SdkTable): Promise<number> =>
  (await scan(table, "begins_with(sk, :connection) OR sk = :name", { ":name": { S: "#NAME" } })).length;

/** The ids of all connections with an item. */
export const connectionIdsIn = async (table: SdkTable): Promise<string[]> =>
  (await scan(table, "begins_with(pk, :connection)")).map((sk) => sk.replace(CONNECTION, ""));

const CONNECTION = "CONN#";

/** Returns the sort keys. */
async function scan(
  table: SdkTable,
  FilterExpression: string,
  values: ScanCommandInput["ExpressionAttributeValues"] = {},
): Promise<string[]> {
  const input = {
    TableName: table.name,
    ConsistentRead: true,
    FilterExpression,
    ExpressionAttributeValues: { ":connection": { S: CONNECTION }, ...values },
  };
  const found: string[] = [];
  for await (const { Items = [] } of paginateScan({ client: table.client }, input)) {
    found.push(...Items.map(({ sk }) => sk?.S ?? ""));
  }
  return found;
}
