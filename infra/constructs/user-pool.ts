import { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool/index.js";
import { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client/index.js";
import { Construct } from "constructs";
import { awsName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";

/** Whose connections end with it at the latest, where the environment asks for that. */
const ACCESS_TOKEN_MINUTES = 60;
const REFRESH_TOKEN_DAYS = 30;

/** Users of the chat alone, and the client by which they sign in. Users are made by who runs the chat, not by themselves. */
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
      // `Anna` must not pass for `anna`. It can never be changed.
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

  /** Without a secret, which a browser could not keep; so passwords never leave it, except by who may administer the pool. */
  #createClient(pool: CognitoUserPool, environment: Environment): CognitoUserPoolClient {
    const client = new CognitoUserPoolClient(this, "client", {
      name: awsName(environment, "client"),
      userPoolId: pool.id,
      generateSecret: false,
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      accessTokenValidity: ACCESS_TOKEN_MINUTES,
      refreshTokenValidity: REFRESH_TOKEN_DAYS,
      tokenValidityUnits: [{ accessToken: "minutes", refreshToken: "days" }],
    });
    return withId(client, "users");
  }
}
