import { randomBytes } from "node:crypto";
import type { Policy } from "./policy.ts";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds.html */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials are valid only with their token. */
  readonly sessionToken?: string;
}

/**
 * The credentials of the developer, who has all permissions. Trap: the AWS SDK modifies the object that it receives, so each
 * caller gets a copy.
 */
export const localCredentials = (): Credentials => ({ accessKeyId: "local", secretAccessKey: "local" });

/** An identity that signs requests. It is plain data, so that it can be sent to a thread. */
export interface Principal {
  readonly arn: string;
  readonly accountId: string;
  readonly credentials: Credentials;
  readonly policies: readonly Policy[] | "administrator";
  /** For a function: the address of its role in Terraform, such as `aws_iam_role.connect`. */
  readonly roleAddress?: string;
}

/** A role and its policies. */
export interface Role {
  readonly address: string;
  readonly name: string;
  readonly policies: readonly Policy[];
}

/** The session of a function's role, with temporary credentials like those that Lambda gets from STS. */
export const assumedRole = (
  { address, name, policies }: Role,
  { accountId, sessionName }: { readonly accountId: string; readonly sessionName: string },
): Principal => ({
  arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${sessionName}`,
  accountId,
  roleAddress: address,
  policies,
  credentials: {
    accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(120).toString("base64"),
  },
});

/** The user of this machine, who has all permissions. */
export const developer = (accountId: string): Principal => ({
  arn: `arn:aws:iam::${accountId}:user/local`,
  accountId,
  policies: "administrator",
  credentials: localCredentials(),
});
