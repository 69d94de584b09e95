import { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool/index.js";
import { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client/index.js";
import { Construct } from "constructs";
import { awsName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";

/** With `closeAtTokenExpiry`, a connection lasts at most this long. */
const ACCESS_TOKEN_MINUTES = 60;
const REFRESH_TOKEN_DAYS = 30;

/** Of each app client. */
export const TOKEN_LIFETIMES = {
  accessTokenValidity: ACCESS_TOKEN_MINUTES,
  refreshTokenValidity: REFRESH_TOKEN_DAYS,
  tokenValidityUnits: [{ accessToken: "minutes", refreshToken: "days" }],
};

/** A user pool for the chat, and the app client for its users. Only an administrator can create users. */
export class UserPool extends Construct {
  readonly userPoolId: string;
  readonly clientId: string;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const pool = this.#createPool(environment);
    this.userPoolId = pool.id;
    this.clientId = this.#createClient(pool, environment).id;
  }

  #createPool(environment: Environment): CognitoUserPool {
    const pool = new CognitoUserPool(this, "user-pool", {
      name: awsName(environment, "users"),
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      // `Anna` must be the same user as `anna`. The setting cannot be changed later.
      usernameConfiguration: { caseSensitive: false },
      autoVerifiedAttributes: ["email"],
      accountRecoverySetting: { recoveryMechanism: [{ name: "verified_email", priority: 1 }] },
      passwordPolicy: {
        minimumLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: false,
        temporaryPasswordValidityDays: 7,
      },
      mfaConfiguration: "OPTIONAL",
      softwareTokenMfaConfiguration: { enabled: true },
      deletionProtection: environment.deletionProtection ? "ACTIVE" : "INACTIVE",
    });
    return withId(pool, "users");
  }

  /** Without a client secret, because a browser cannot keep one. Users sign in with SRP, so passwords are not sent; only an administrator can sign a user in with a password. */
  #createClient(pool: CognitoUserPool, environment: Environment): CognitoUserPoolClient {
    const client = new CognitoUserPoolClient(this, "client", {
      name: awsName(environment, "client"),
      userPoolId: pool.id,
      generateSecret: false,
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      ...TOKEN_LIFETIMES,
    });
    return withId(client, "users");
  }
}
