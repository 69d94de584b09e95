/** An attribute as DynamoDB writes it: `{"S": "text"}`. */
export type Attributes = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, Attributes>>;

/** The two ways in which a query says what it looks for. */
export interface QueryBody {
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  /** The older one. */
  readonly KeyConditions?: Readonly<Record<string, { readonly AttributeValueList?: readonly Attributes[] }>>;
}

const EQUALITY = /([#:\w.-]+)\s*=\s*([#:\w.-]+)/g;

/**
 * The partition key that a query asks for; undefined when it asks for none, which DynamoDB refuses.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
export function partitionKeyOf(query: QueryBody, hashKey: string): string | undefined {
  const { KeyConditionExpression = "", ExpressionAttributeNames: names = {}, KeyConditions = {} } = query;
  const values = query.ExpressionAttributeValues ?? {};
  // Parentheses may stand around any part of it, and mean nothing to an equality.
  for (const [, left = "", right = ""] of KeyConditionExpression.replaceAll(/[()]/g, " ").matchAll(EQUALITY)) {
    const [name, value] = left.startsWith(":") ? [right, left] : [left, right];
    if ((names[name] ?? name) === hashKey) return textOf(values[value]);
  }
  return textOf(KeyConditions[hashKey]?.AttributeValueList?.[0]);
}

export const textOf = (attribute: Attributes | undefined): string | undefined =>
  attribute && String(Object.values(attribute)[0]);
