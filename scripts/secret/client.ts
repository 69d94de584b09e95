import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { localCredentials } from "@serverless-chat/emulator/iam/credentials";

/** Secrets Manager in a region, or at the address of a running `npm start`. */
export const clientAt = ({ region, endpoint }: { readonly region: string; readonly endpoint: string | undefined }) =>
  new SecretsManagerClient({ region, ...(endpoint !== undefined && { endpoint, credentials: localCredentials() }) });
