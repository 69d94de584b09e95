import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { localCredentials } from "@serverless-chat/emulator/iam/credentials";
import * as v from "valibot";
import { jsonOf } from "../../chat/protocol/json.ts";
import type { Service } from "../../chatops/service.ts";

/** Returns a credential in the form in which it is stored. An error for an invalid one contains no part of its value. */
export function readCredential({ title, key, credential }: Service, text: string): string {
  const json = jsonOf(text);
  const read = v.safeParse(credential, json);
  if (read.success) return JSON.stringify(json);
  const fields = [...new Set(read.issues.map((issue) => v.getDotPath(issue)))].filter(Boolean);
  const wrong = fields.length > 0 ? `wrong or missing: ${fields.join(", ")}` : "it is not a JSON object";
  throw new Error(
    `The input is not a credential of ${title}; ${wrong}. For the fields of "${key}", see docs/chatops.md#enable-a-service.`,
  );
}

/** A client for a region, or for the endpoint of a running `npm start`. */
export const secretsManagerAt = (place: { readonly region: string; readonly endpoint: string | undefined }) =>
  new SecretsManagerClient({
    region: place.region,
    ...(place.endpoint !== undefined && { endpoint: place.endpoint, credentials: localCredentials() }),
  });
