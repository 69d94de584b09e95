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
