import { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client/index.js";
import { CognitoUserPoolDomain } from "@cdktf/provider-aws/lib/cognito-user-pool-domain/index.js";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { SignInConfig } from "../../web/page-config.ts";
import { awsName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import type { WebsiteDetails } from "../settings/website.ts";
import { TOKEN_LIFETIMES, type UserPool } from "./user-pool.ts";

export interface PageSignInProps {
  readonly environment: Environment;
  readonly details: WebsiteDetails;
  readonly userPool: UserPool | undefined;
}

/** An access token with this scope has the user's name and groups. */
const SCOPES = ["openid"];

/** The sign-in pages of the user pool, for the authorization code grant with PKCE. */
export class PageSignIn extends Construct {
  /** The origins that the page requests tokens from. */
  readonly origins: readonly string[];
  readonly #props: PageSignInProps;
  readonly #domain: string | undefined;

  constructor(scope: Construct, id: string, props: PageSignInProps) {
    super(scope, id);
    this.#props = props;
    const { cognito } = props.details;
    this.#domain = props.userPool ? this.#createDomain(props.userPool, props) : cognito && `https://${cognito.domain}`;
    this.origins = this.#domain === undefined ? [] : [this.#domain];
  }

  /** Creates the page's app client in a pool of the stack. `redirectUri` is the address of the page. */
  settingsFor(redirectUri: string): SignInConfig {
    const { userPool, details } = this.#props;
    if (this.#domain === undefined) return { kind: "none" };
    const clientId = userPool ? this.#createClient(userPool, redirectUri) : (details.cognito?.clientId as string);
    return { kind: "cognito", domain: this.#domain, clientId, scopes: SCOPES, redirectUri };
  }

  /**
   * The prefix must be unique in the region, and must not contain "aws", "amazon" or "cognito". A hash of the pool's id has
   * only the letters a to f.
   * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
   */
  #createDomain({ userPoolId }: UserPool, { environment }: PageSignInProps): string {
    const domain = new CognitoUserPoolDomain(this, "domain", { domain: Fn.md5(userPoolId), userPoolId });
    return `https://${withId(domain, "website").domain}.auth.${environment.region}.amazoncognito.com`;
  }

  /** Without a secret, because a browser cannot keep one. The pool's other app client stays as it is. */
  #createClient({ userPoolId }: UserPool, redirectUri: string): string {
    const client = new CognitoUserPoolClient(this, "client", {
      name: awsName(this.#props.environment, "website"),
      userPoolId,
      generateSecret: false,
      allowedOauthFlowsUserPoolClient: true,
      allowedOauthFlows: ["code"],
      allowedOauthScopes: SCOPES,
      callbackUrls: [redirectUri],
      logoutUrls: [redirectUri],
      supportedIdentityProviders: ["COGNITO"],
      explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      ...TOKEN_LIFETIMES,
    });
    return withId(client, "website").id;
  }
}
