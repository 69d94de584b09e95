import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import { leadingKeys } from "../aws/table/keys.ts";
import type { Grant } from "../handlers/routes.ts";
import type { Environment } from "./environments.ts";
import { type Granted, statementId } from "./grant.ts";
import { awsName, withId } from "./names.ts";

export type TableGrant = Exclude<Grant, "push">;

/** The actions of each grant, and the items it reaches. */
const GRANTS: Record<TableGrant, { actions: readonly string[]; items: keyof typeof leadingKeys }> = {
  "write connections": { actions: ["dynamodb:PutItem"], items: "connections" },
  "remove connections": { actions: ["dynamodb:DeleteItem"], items: "connections" },
  "read members": { actions: ["dynamodb:Query"], items: "members" },
  "write members": { actions: ["dynamodb:PutItem"], items: "members" },
  "remove members": { actions: ["dynamodb:DeleteItem"], items: "members" },
};

/** The one table: composite key, TTL, paid by the request. */
export class Table extends Construct {
  readonly name: string;
  readonly #arn: string;

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
    });
    withId(table, id);
    this.name = table.name;
    this.#arn = table.arn;
  }

  /** Access to one kind of item, told by its partition keys. */
  grant(grant: TableGrant): Granted {
    const { actions, items } = GRANTS[grant];
    return {
      statement: {
        Sid: statementId(grant),
        Effect: "Allow",
        Action: actions,
        Resource: [this.#arn],
        Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [leadingKeys[items]] } },
      },
      environment: { TABLE_NAME: this.name },
    };
  }
}
