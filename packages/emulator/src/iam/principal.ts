import { randomBytes } from "node:crypto";
import { type Credentials, localCredentials } from "./credentials.ts";
import type { Policy } from "./policy.ts";

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

/** Who sits at this machine: may do everything. */
export const developer = (accountId: string): Principal => ({
  arn: `arn:aws:iam::${accountId}:user/local`,
  accountId,
  policies: "administrator",
  credentials: localCredentials(),
});
