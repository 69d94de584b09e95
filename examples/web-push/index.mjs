import { createPrivateKey, sign } from "node:crypto";
import { DeleteItemCommand, DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const dynamodb = new DynamoDBClient({});
const secrets = new SecretsManagerClient({});
const TableName = process.env.TABLE_NAME;

/** With the other requests, shorter than the timeout of the function. */
const ANSWER_MILLISECONDS_MAX = 5_000;

/** How long the push service keeps a push for a browser that is closed. */
const TTL_SECONDS = 24 * 60 * 60;

/** Throws if a push service does not accept a push: Lambda then retries the event, and a browser can get it twice. */
export const handler = async ({ detail: { user } }) => {
  const endpoints = await endpointsOf(user);
  if (endpoints.length === 0) return;
  const key = await vapidKey();
  const results = await Promise.allSettled(endpoints.map((endpoint) => push(user, endpoint, key)));
  const failed = results.filter(({ status }) => status === "rejected");
  if (failed.length > 0) throw new Error(`${failed.length} of ${results.length} pushes failed: ${failed[0].reason}`);
};

async function endpointsOf(user) {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "#user = :user",
      ExpressionAttributeNames: { "#user": "user" },
      ExpressionAttributeValues: { ":user": { S: user } },
    }),
  );
  return Items.map(({ endpoint }) => endpoint.S);
}

/** A push without content, so that no text is on push services and lock screens. https://www.rfc-editor.org/rfc/rfc8030 */
async function push(user, endpoint, key) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { TTL: String(TTL_SECONDS), Urgency: "high", Authorization: authorizationFor(endpoint, key) },
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX),
  });
  // The browser has ended the subscription.
  if (response.status === 404 || response.status === 410) return forget(user, endpoint);
  if (!response.ok) throw new Error(`The push service answered ${response.status}`);
}

const forget = (user, endpoint) =>
  dynamodb.send(new DeleteItemCommand({ TableName, Key: { user: { S: user }, endpoint: { S: endpoint } } }));

/** A signed token for one push service. https://www.rfc-editor.org/rfc/rfc8292 */
function authorizationFor(endpoint, jwk) {
  const claims = {
    aud: new URL(endpoint).origin,
    exp: Math.floor(Date.now() / 1000) + 60 * 60,
    sub: process.env.CONTACT,
  };
  const signed = `${encoded({ typ: "JWT", alg: "ES256" })}.${encoded(claims)}`;
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
  return `vapid t=${signed}.${signature}, k=${publicKeyOf(jwk)}`;
}

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The uncompressed point, the format of `pushManager.subscribe`. */
const publicKeyOf = ({ x, y }) =>
  Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]).toString("base64url");

/** Read for each event, so that a new key takes effect at once. */
async function vapidKey() {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_ID }));
  return JSON.parse(SecretString);
}
