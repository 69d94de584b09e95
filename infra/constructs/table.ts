import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import { leadingKeys, logPartition, serviceLeadingKeys } from "../../aws/table/keys.ts";
import type { Grant } from "../../handlers/grants.ts";
import { awsName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import { type Statement, statementId } from "./grant.ts";

export type TableGrant = Exclude<
  Grant,
  "push" | "write published messages" | `probe ${string}` | `close ${string}` | `invoke ${string}` | `${string} events`
>;

type Items = keyof typeof leadingKeys;

interface GrantedItems {
  readonly actions: readonly string[];
  readonly items: Items | readonly Items[];
  /** Queries can only count items. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
  readonly select?: "COUNT";
}

/** Items that exist only in some environments. A batch does not read or write them in others. */
const BATCHED_ITEMS: { readonly [Of in Items]?: (environment: Environment) => boolean } = {
  addresses: ({ connectionsPerAddressMax }) => connectionsPerAddressMax !== undefined,
  bans: ({ moderators }) => moderators !== undefined,
  knownUsers: ({ directConversations }) => directConversations === true,
  lastingChannels: ({ lastingMembership }) => lastingMembership === true,
};

/** The actions of each grant, and the items it reaches. */
const GRANTS: Record<TableGrant, GrantedItems> = {
  "write connections": { actions: ["PutItem"], items: "connections" },
  "read connections": { actions: ["GetItem"], items: "connections" },
  "update connections": { actions: ["UpdateItem"], items: "connections" },
  "remove connections": { actions: ["DeleteItem"], items: "connections" },
  "read members": { actions: ["Query"], items: "members" },
  "write members": { actions: ["PutItem"], items: "members" },
  "update members": { actions: ["UpdateItem"], items: "members" },
  "remove members": { actions: ["DeleteItem"], items: "members" },
  "read channels": { actions: ["GetItem"], items: "channels" },
  "write channels": { actions: ["UpdateItem"], items: "channels" },
  "grow channels": { actions: ["GetItem", "UpdateItem"], items: "channels" },
  "repair lobby": { actions: ["UpdateItem"], items: "lobby" },
  "list channels": { actions: ["Query"], items: "directory" },
  "write directory": { actions: ["PutItem"], items: "directory" },
  "read messages": { actions: ["Query"], items: "messages" },
  "write messages": { actions: ["PutItem"], items: "messages" },
  "read direct messages": { actions: ["Query"], items: "directMessages" },
  "write direct messages": { actions: ["PutItem"], items: "directMessages" },
  "claim direct messages": { actions: ["PutItem", "GetItem"], items: "repeats" },
  // The partition of a user also has the connections.
  "read known users": { actions: ["GetItem"], items: "knownUsers" },
  "write conversations": { actions: ["UpdateItem"], items: "conversations" },
  "read known addressees": { actions: ["GetItem"], items: "knownUsers" },
  "write addressed messages": { actions: ["PutItem"], items: "directMessages" },
  "write addressed conversations": { actions: ["UpdateItem"], items: "conversations" },
  "list conversations": { actions: ["Query"], items: "conversations" },
  "write ops messages": { actions: ["PutItem"], items: "opsMessages" },
  "delete messages": { actions: ["UpdateItem"], items: "messages" },
  "edit messages": { actions: ["GetItem", "UpdateItem"], items: "messages" },
  "read edited messages": { actions: ["GetItem"], items: "messages" },
  "read reacted messages": { actions: ["GetItem"], items: "messages" },
  "change direct messages": { actions: ["GetItem", "UpdateItem"], items: "directMessages" },
  "read edited direct messages": { actions: ["GetItem"], items: "directMessages" },
  "read reacted direct messages": { actions: ["GetItem"], items: "directMessages" },
  "write changed conversations": { actions: ["UpdateItem"], items: "conversations" },
  "read correspondents": { actions: ["Query"], items: "users" },
  "read reactions": { actions: ["GetItem", "Query"], items: "reactions" },
  "write reactions": { actions: ["GetItem", "UpdateItem"], items: "reactions" },
  "remove reactions": { actions: ["DeleteItem"], items: "reactions" },
  "record reactions": { actions: ["GetItem", "PutItem", "UpdateItem", "DeleteItem"], items: "reacted" },
  "list reactions": { actions: ["Query"], items: "reacted" },
  "count messages": { actions: ["Query"], items: "messages", select: "COUNT" },
  "count direct messages": { actions: ["Query"], items: "directMessages", select: "COUNT" },
  "read receipts": { actions: ["GetItem"], items: "readMarkers" },
  "read markers": { actions: ["Query"], items: "readMarkers" },
  "read conversation markers": { actions: ["BatchGetItem"], items: "readMarkers" },
  "write markers": { actions: ["PutItem"], items: "readMarkers" },
  "use invitations": { actions: ["GetItem", "UpdateItem"], items: "invitations" },
  "write invitations": { actions: ["PutItem", "DeleteItem"], items: "invitations" },
  "read mutes": { actions: ["GetItem"], items: "mutes" },
  "write mutes": { actions: ["PutItem"], items: "mutes" },
  "read bans": { actions: ["GetItem"], items: "bans" },
  "write bans": { actions: ["PutItem"], items: "bans" },
  "remove bans": { actions: ["DeleteItem"], items: "bans" },
  "claim repeats": { actions: ["PutItem", "GetItem"], items: "repeats" },
  "claim published": { actions: ["PutItem", "GetItem"], items: "published" },
  "read names": { actions: ["GetItem"], items: "names" },
  "claim names": { actions: ["PutItem", "GetItem"], items: "names" },
  // The partition of a user has both chosen names and authenticated connections.
  "release names": { actions: ["DeleteItem"], items: "names" },
  "count frames": { actions: ["UpdateItem"], items: "rates" },
  "read addressed users": { actions: ["Query"], items: "users" },
  "count users": { actions: ["Query"], items: "users" },
  "count addresses": { actions: ["PutItem", "Query"], items: "addresses" },
  "release addresses": { actions: ["DeleteItem"], items: "addresses" },
  "read users": { actions: ["Query"], items: "users" },
  "find own connections": { actions: ["Query"], items: "users" },
  // A batch needs one statement that covers all its keys.
  "read handshakes": { actions: ["BatchGetItem"], items: ["lastingChannels", "bans", "channels", "invitations"] },
  "write handshakes": { actions: ["BatchWriteItem"], items: ["connections", "users", "addresses", "members"] },
  "change lasting channels": { actions: ["UpdateItem", "DeleteItem"], items: "lastingChannels" },
  "end lost memberships": { actions: ["UpdateItem"], items: "connections" },
  "renew channels": { actions: ["UpdateItem"], items: "channels" },
  "renew directory": { actions: ["PutItem"], items: "directory" },
  "renew invitations": { actions: ["GetItem", "UpdateItem"], items: "invitations" },
  "write users": { actions: ["PutItem"], items: "users" },
  "write known users": { actions: ["PutItem"], items: "knownUsers" },
  "read mentioned users": { actions: ["BatchGetItem"], items: ["knownUsers", "lastingChannels", "bans"] },
};

/** Terraform refuses a plan that would delete the table, before it deletes anything else. AWS refuses all other requests. */
const PROTECTED = { deletionProtectionEnabled: true, lifecycle: { preventDestroy: true } };

/** The only table. It has a composite key and TTL, and is billed by request. */
export class Table extends Construct {
  readonly name: string;
  readonly #arn: string;
  readonly #environment: Environment;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const table = new DynamodbTable(this, "table", {
      name: awsName(environment, "table"),
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      rangeKey: "sk",
      attribute: [
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      ttl: { attributeName: "ttl", enabled: true },
      serverSideEncryption: { enabled: true },
      pointInTimeRecovery: { enabled: true },
      ...(environment.deletionProtection && PROTECTED),
    });
    withId(table, id);
    this.name = table.name;
    this.#arn = table.arn;
    this.#environment = environment;
  }

  /** Access to one kind of item, by its partition keys. */
  grant(grant: TableGrant): Statement {
    const { actions, items, select } = GRANTS[grant];
    const kinds =
      typeof items === "string" ? [items] : items.filter((each) => BATCHED_ITEMS[each]?.(this.#environment) ?? true);
    const statement = this.#allow(grant, { actions, keys: kinds.map((each) => leadingKeys[each]) });
    if (select === undefined) return statement;
    return { ...statement, Condition: { ...statement.Condition, StringEquals: { "dynamodb:Select": [select] } } };
  }

  /** Access to the logs of the channels that backends may publish to, or of all. */
  grantPublish(grant: Grant, channels: readonly string[] | "any"): Statement {
    const keys = channels === "any" ? [leadingKeys.messages] : channels.map(logPartition);
    return this.#allow(grant, { actions: ["PutItem"], keys });
  }

  /**
   * Access to the items that chat-ops keeps for one service. A function can add lines to the audit trail. It cannot read them,
   * so it does not know the key of a line that it could overwrite.
   */
  grantService(service: string): Statement[] {
    const keys = serviceLeadingKeys(service);
    return [
      this.#allow("add to audit trail", { actions: ["PutItem"], keys: [keys.trail] }),
      this.#allow("take lease", { actions: ["PutItem", "DeleteItem"], keys: [keys.lease] }),
      this.#allow("keep confirmations", { actions: ["PutItem", "GetItem"], keys: [keys.confirmations] }),
    ];
  }

  #allow(grant: string, { actions, keys }: { readonly actions: readonly string[]; readonly keys: readonly string[] }) {
    return {
      Sid: statementId(grant),
      Effect: "Allow",
      Action: actions.map((action) => `dynamodb:${action}`),
      Resource: [this.#arn],
      Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys } },
    } as const;
  }
}
