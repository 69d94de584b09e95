import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** What the emulator takes for credentials. */
const LOCAL_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** Secrets Manager in a region, or at the address of a running `npm start`. */
export const clientAt = ({ region, endpoint }: { readonly region: string; readonly endpoint: string | undefined }) =>
  new SecretsManagerClient({ region, ...(endpoint !== undefined && { endpoint, credentials: LOCAL_CREDENTIALS }) });
