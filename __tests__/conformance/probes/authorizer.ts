import type { Authorization, ProbeEvent } from "./order.ts";
import { addRecord } from "./records.ts";

/** Returns the authorization that the query string of the handshake defines. */
export async function handler(event: ProbeEvent & { readonly methodArn: string }): Promise<unknown> {
  const authorization: Authorization = JSON.parse(event.queryStringParameters?.authorize ?? "{}");
  const { record, throws, result, effect = "Allow", resourceEnd = "$connect", context } = authorization;
  if (record) await addRecord(record, { event, calls: [] }, "AUTHORIZER");
  if (throws) throw new Error(throws);
  if (result !== undefined) return result;
  const Resource = event.methodArn.replace(/\$connect$/, () => resourceEnd);
  const statement = { Action: "execute-api:Invoke", Effect: effect, Resource };
  return {
    principalId: "me",
    policyDocument: { Version: "2012-10-17", Statement: effect ? [statement] : [] },
    ...(context !== undefined && { context }),
  };
}
