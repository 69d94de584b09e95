import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { InvalidParameterException, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { operations } from "@serverless-chat/emulator/secrets-manager/operations";
import { type Secret, SecretsManagerError } from "@serverless-chat/emulator/secrets-manager/secret";
import { attempt, Broken, type FaultyRun } from "./ports.ts";

type Item = Record<string, AttributeValue>;

/** The items of a table, by partition and sort key. */
export type Items = Map<string, Item>;

interface Command {
  readonly input: object;
}

/** Performs one request. `attempts` is 2 if the SDK sends it again. */
type Perform = (operation: string, input: object, attempts: number) => object;

const operationOf = (command: Command): string => command.constructor.name.replace(/Command$/, "");

/** Repeats a request whose answer is lost, as the SDK does. */
const sending =
  (faulty: FaultyRun, { perform, subjectOf }: { perform: Perform; subjectOf: (input: object) => string }) =>
  async (command: Command): Promise<unknown> => {
    const operation = operationOf(command);
    // The SDK uses one token, which identifies the new version, for all attempts.
    const input = { ClientRequestToken: randomUUID(), ...command.input };
    const call = (attempts: number) => ({ ...perform(operation, input, attempts), $metadata: { attempts } });
    const name = `${operation} ${subjectOf(input)}`;
    return attempt(faulty, {
      name,
      call: () => call(1),
      failed: () => Promise.reject(new Broken(name)),
      lost: () => call(2),
    });
  };

/** A DynamoDB client with the operations and conditions that chat-ops uses. */
export const dynamodbOn = (items: Items, faulty: FaultyRun): DynamoDBClient =>
  ({ send: sending(faulty, { perform: performOn(items), subjectOf: kindOf }) }) as never;

/** A Secrets Manager client for one secret. */
export const secretsManagerOn = (secret: Secret, faulty: FaultyRun, now: () => number): SecretsManagerClient => {
  const perform: Perform = (operation, input, attempts) => {
    try {
      return operations[operation]?.(secret, input, now()) ?? unknown(operation);
    } catch (fault) {
      if (!(fault instanceof SecretsManagerError) || fault.type !== "InvalidParameterException") throw fault;
      throw new InvalidParameterException({ message: fault.message, $metadata: { attempts } });
    }
  };
  return { send: sending(faulty, { perform, subjectOf: () => "secret" }) } as never;
};

type ItemInput = Partial<Pick<PutItemCommandInput, "Item" | "ConditionExpression">> & {
  readonly Key?: Item;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
};

const keyOf = ({ Item, Key }: ItemInput): string => {
  const { pk, sk } = (Item ?? Key) as Item;
  return `${pk?.S}|${sk?.S}`;
};

/** The prefix of the partition key, such as `LEASE`. */
const kindOf = (input: object): string => keyOf(input).split("#", 1)[0] ?? "";

const performOn =
  (items: Items): Perform =>
  (operation, input: ItemInput, attempts) => {
    const key = keyOf(input);
    if (!holds(items.get(key), input)) {
      throw new ConditionalCheckFailedException({
        message: "The conditional request failed",
        $metadata: { attempts },
      });
    }
    if (operation === "GetItem") return { Item: items.get(key) };
    if (operation === "PutItem") items.set(key, input.Item as Item);
    else if (operation === "DeleteItem") items.delete(key);
    else unknown(operation);
    return {};
  };

/** Whether a condition holds: comparisons joined by OR, or by AND. */
function holds(item: Item | undefined, input: ItemInput): boolean {
  const { ConditionExpression: condition } = input;
  if (condition === undefined) return true;
  return condition.split(" OR ").some((part) => part.split(" AND ").every((each) => isTrue(each, item, input)));
}

function isTrue(comparison: string, item: Item | undefined, input: ItemInput): boolean {
  const nameOf = (name: string): string => input.ExpressionAttributeNames?.[name] ?? name;
  const [, negation, attribute] = /^attribute_(not_)?exists\(([#\w]+)\)$/.exec(comparison) ?? [];
  if (attribute !== undefined) return (item?.[nameOf(attribute)] === undefined) === (negation !== undefined);
  const [, name = "", operator, value = ""] = /^([#\w]+) (=|<=) (:\w+)$/.exec(comparison) ?? unknown(comparison);
  const [stored, expected] = [item?.[nameOf(name)], input.ExpressionAttributeValues?.[value]];
  if (stored === undefined || expected === undefined) return false;
  return operator === "=" ? stored.S === expected.S && stored.N === expected.N : Number(stored.N) <= Number(expected.N);
}

function unknown(what: string): never {
  throw new Error(`The harness does not support ${what}. Add it to __tests__/support/faults/sdk-clients.ts.`);
}
