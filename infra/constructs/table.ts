import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import { leadingKeys, serviceLeadingKeys } from "../../aws/table/keys.ts";
import type { Grant } from "../../handlers/grants.ts";
import { awsName, withId } from "../names.ts";
import { accessOf, moderatorsOf } from "../settings/authorization.ts";
import { messageRateOf, perAddressOf, perUserOf } from "../settings/limits.ts";
import type { Environment } from "../settings/settings.ts";
import { type Granted, statementId } from "./grant.ts";

export type TableGrant = Exclude<Grant, "push" | `probe ${string}` | `close ${string}` | "invoke fan-out">;

interface GrantedItems {
  readonly actions: readonly string[];
  readonly items: keyof typeof leadingKeys;
}

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
  "write ops messages": { actions: ["PutItem"], items: "opsMessages" },
  "delete messages": { actions: ["UpdateItem"], items: "messages" },
  "use invitations": { actions: ["GetItem", "UpdateItem"], items: "invitations" },
  "write invitations": { actions: ["PutItem", "DeleteItem"], items: "invitations" },
  "read mutes": { actions: ["GetItem"], items: "mutes" },
  "write mutes": { actions: ["PutItem"], items: "mutes" },
  "read bans": { actions: ["GetItem"], items: "bans" },
  "write bans": { actions: ["PutItem"], items: "bans" },
  "remove bans": { actions: ["DeleteItem"], items: "bans" },
  "claim repeats": { actions: ["PutItem", "GetItem"], items: "repeats" },
  "read names": { actions: ["GetItem"], items: "names" },
  "claim names": { actions: ["PutItem", "GetItem"], items: "names" },
  // Whether a name was chosen or authenticated: both kinds of items are under the user.
  "release names": { actions: ["DeleteItem"], items: "names" },
  "count frames": { actions: ["UpdateItem"], items: "rates" },
  "count users": { actions: ["Query"], items: "users" },
  "count addresses": { actions: ["PutItem", "Query"], items: "addresses" },
  "release addresses": { actions: ["DeleteItem"], items: "addresses" },
  "read users": { actions: ["Query"], items: "users" },
  "write users": { actions: ["PutItem"], items: "users" },
};

const NEED_MODERATORS: readonly TableGrant[] = ["read mutes", "write mutes", "write bans", "remove bans"];

/** The variables that a function with this grant needs. */
const settingsOf = (grant: TableGrant, environment: Environment): Record<string, string> => {
  if (grant === "write connections") return admissionOf(environment);
  if (grant === "count frames") return messageRateOf(environment);
  if (grant === "count users") return perUserOf(environment);
  if (grant.endsWith(" addresses")) return perAddressOf(environment);
  if (grant === "write channels") return accessOf(environment);
  if (NEED_MODERATORS.includes(grant)) return moderatorsOf(environment);
  if (grant === "read members") return { PRESENCE_MEMBERS_MAX: String(environment.presenceMembersMax) };
  const retention = { MESSAGE_RETENTION_DAYS: String(environment.messageRetentionDays) };
  if (grant === "delete messages") return { ...retention, ...moderatorsOf(environment) };
  return grant.endsWith(" messages") ? retention : {};
};

/** The settings by which `$connect` admits a client. */
const admissionOf = ({ authentication, allowedOrigins, moderators }: Environment): Record<string, string> => ({
  AUTHENTICATION: authentication.kind,
  // Not the list of moderators: with the list of origins, it can exceed the size of a function's variables.
  CHECK_BANS: String(moderators !== undefined),
  ...(allowedOrigins && { ALLOWED_ORIGINS: allowedOrigins.join(" ") }),
});

/** Either way it stays: a plan that would delete it fails before it has deleted anything else, and AWS refuses the rest. */
const PROTECTED = { deletionProtectionEnabled: true, lifecycle: { preventDestroy: true } };

/** The one table: composite key, TTL, paid by the request. */
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

  /** Access to one kind of item, told by its partition keys. */
  grant(grant: TableGrant): Granted {
    const { actions, items } = GRANTS[grant];
    const statement = this.#allow(grant, { actions, key: leadingKeys[items] });
    return { statement, environment: { TABLE_NAME: this.name, ...settingsOf(grant, this.#environment) } };
  }

  /**
   * What chat-ops keeps of one service. Lines of the audit trail can be added, and neither read nor changed: without a
   * right to read, nobody knows the key of one that is there.
   */
  grantService(service: string): Granted[] {
    const keys = serviceLeadingKeys(service);
    const statements = [
      this.#allow("add to audit trail", { actions: ["PutItem"], key: keys.trail }),
      this.#allow("take lease", { actions: ["PutItem", "DeleteItem"], key: keys.lease }),
      this.#allow("keep confirmations", { actions: ["PutItem", "GetItem"], key: keys.confirmations }),
    ];
    return statements.map((statement) => ({ statement, environment: {} }));
  }

  #allow(grant: string, { actions, key }: { readonly actions: readonly string[]; readonly key: string }) {
    return {
      Sid: statementId(grant),
      Effect: "Allow",
      Action: actions.map((action) => `dynamodb:${action}`),
      Resource: [this.#arn],
      Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [key] } },
    } as const;
  }
}
