import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** What DynamoDB bills for a request, on demand. */
export interface Units {
  readonly reads: number;
  readonly writes: number;
}

const KINDS: Readonly<Record<string, keyof Units>> = {
  GetItemCommand: "reads",
  QueryCommand: "reads",
  PutItemCommand: "writes",
  UpdateItemCommand: "writes",
  DeleteItemCommand: "writes",
};

const METER = "meter";

/** What a client's commands consume while something is done with it, by what DynamoDB answers. */
export async function unitsOf(client: DynamoDBClient, act: () => Promise<unknown>): Promise<Units> {
  const units = { reads: 0, writes: 0 };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const kind = kindOf(commandName);
        const input = { ...args.input, ReturnConsumedCapacity: "TOTAL" } as typeof args.input;
        try {
          const result = await next({ ...args, input });
          units[kind] += billed(input, result.output);
          return result;
        } catch (fault) {
          if (fault instanceof ConditionalCheckFailedException) units[kind] += REFUSED_WRITE;
          throw fault;
        }
      },
    { step: "initialize", name: METER },
  );
  try {
    await act();
  } finally {
    client.middlewareStack.remove(METER);
  }
  return units;
}

function kindOf(commandName = ""): keyof Units {
  const kind = KINDS[commandName];
  if (kind) return kind;
  throw new Error(`A ${commandName} is not counted. Say in units.ts whether its units are reads or writes.`);
}

/**
 * A write that its condition refuses is billed by the item that is there, 1 unit up to 1 KB. The refusal does not say how
 * much it was, and no item of the chat's that is refused is larger.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
const REFUSED_WRITE = 1;

/**
 * dynalite counts nothing for a query that finds nothing, where AWS bills the smallest read: the same page.
 * Trap: dynalite measures text in UTF-16 and AWS in UTF-8, so what is measured is ASCII.
 */
function billed(input: object, output: object): number {
  const { CapacityUnits } = (output as { ConsumedCapacity?: { CapacityUnits?: number } }).ConsumedCapacity ?? {};
  if (CapacityUnits === undefined) throw new Error("This DynamoDB does not say what it consumes. dynalite does.");
  const isConsistent = "ConsistentRead" in input && input.ConsistentRead;
  return Math.max(CapacityUnits, isConsistent ? 1 : 0.5);
}
