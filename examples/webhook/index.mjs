import { createHmac } from "node:crypto";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const secrets = new SecretsManagerClient({});

/** Less than the timeout of the function. */
const ANSWER_MILLISECONDS_MAX = 10_000;

/** Throws if the receiver does not accept the event: Lambda then retries it. */
export const handler = async (event) => {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const response = await fetch(process.env.URL, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-chat-event-id": event.detail.eventId,
      "x-chat-timestamp": timestamp,
      "x-chat-signature": `sha256=${createHmac("sha256", await key())
        .update(`${timestamp}.${body}`)
        .digest("hex")}`,
    },
    body,
    // A redirect would send the text of messages to another server.
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX),
  });
  if (!response.ok) throw new Error(`The receiver answered ${response.status}`);
};

/** Read for each event, so that a new key takes effect at once. */
async function key() {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_ID }));
  return SecretString;
}
