import { randomBytes } from "node:crypto";
import type { Policy } from "./policy.ts";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds.html */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials are good with their token alone. */
  readonly sessionToken?: string;
}

/** Somebody who signs requests. Plain data: threads hand it to each other. */
export interface Principal {
  readonly arn: string;
  readonly accountId: string;
  readonly credentials: Credentials;
  readonly policies: readonly Policy[] | "administrator";
  /** Of a function: its role's place in Terraform, such as `aws_iam_role.connect`. */
  readonly roleAddress?: string;
}

/** A role, and what it may do. */
export interface Role {
  readonly address: string;
  readonly name: string;
  readonly policies: readonly Policy[];
}

/** A function in its role, with temporary credentials as Lambda gets them from STS. */
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

/** What any tool can be given. Trap: a copy each, for the SDK writes into what it is given. */
export const localCredentials = (): Credentials => ({ accessKeyId: "local", secretAccessKey: "local" });

/** Who sits at this machine: may do everything. */
export const developer = (accountId: string): Principal => ({
  arn: `arn:aws:iam::${accountId}:user/local`,
  accountId,
  policies: "administrator",
  credentials: localCredentials(),
});
