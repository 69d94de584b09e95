import { readFileSync } from "node:fs";
import type { SecureContextOptions } from "node:tls";

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), "utf8");

/** A server on 127.0.0.1 with a self-signed certificate. The key is for an elliptic curve, like those of AWS's endpoints. */
export const serverTls = (): SecureContextOptions => ({ cert: read("certificate.pem"), key: read("key.pem") });

/**
 * The environment variables of a client. It must not use NODE_EXTRA_CA_CERTS: Node.js then parses its root certificates in a
 * thread before it loads the function, but on Lambda it parses them, which takes 10 ms of CPU, for the first connection.
 */
export const clientTlsVariables: Readonly<Record<string, string>> = {
  NODE_TLS_REJECT_UNAUTHORIZED: "0",
  NODE_NO_WARNINGS: "1",
};
