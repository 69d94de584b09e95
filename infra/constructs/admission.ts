import type { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";
import type { TokenRules } from "../../authentication/identity.ts";
import { partitionOf } from "../../aws/partition.ts";
import { closesAtExpiry } from "../settings/authentication.ts";
import type { Environment } from "../settings/settings.ts";
import { Authorizer, type AuthorizerProps } from "./authorizer.ts";
import { UserPool } from "./user-pool.ts";

/** How API Gateway protects a route. */
export type Authorization =
  | { readonly authorizationType: "NONE" | "AWS_IAM" }
  | {
      readonly authorizationType: "CUSTOM";
      readonly authorizerId: string;
      /** The permission exists as long as the route refers to the authorizer, also during creation and removal. */
      readonly dependsOn: LambdaPermission[];
    };

export type AdmissionProps = Omit<AuthorizerProps, "rules">;

/** How `$connect` is protected, by the environment's authentication. Creates the user pool if the environment names none. */
export class Admission extends Construct {
  /** Of `$connect`. */
  readonly authorization: Authorization;
  readonly userPool: UserPool | undefined;
  readonly authorizer: Authorizer | undefined;

  constructor(scope: Construct, id: string, props: AdmissionProps) {
    super(scope, id);
    const { environment } = props;
    const { kind, pool } = { pool: undefined, ...environment.authentication };
    this.userPool = kind === "cognito" && !pool ? new UserPool(this, "users", environment) : undefined;
    const rules = rulesOf(environment, this.userPool);
    this.authorizer = rules && new Authorizer(this, { ...props, rules });
    this.authorization = this.authorizer
      ? {
          authorizationType: "CUSTOM",
          authorizerId: this.authorizer.authorizerId,
          dependsOn: [this.authorizer.permission],
        }
      : { authorizationType: kind === "iam" ? "AWS_IAM" : "NONE" };
  }
}

/** Undefined if the authentication does not use tokens. */
function rulesOf(environment: Environment, created: UserPool | undefined): TokenRules | undefined {
  const { authentication, region } = environment;
  const closeAtExpiry = closesAtExpiry(authentication);
  if (authentication.kind === "jwt") {
    const { issuer, audience, userClaim = "sub", groupsClaim = "groups" } = authentication;
    return { kind: "jwt", issuer, audience, userClaim, groupsClaim, closeAtExpiry };
  }
  if (authentication.kind !== "cognito") return undefined;
  const { pool } = authentication;
  const { userPoolId, clientId } = pool ?? (created as UserPool);
  const poolRegion = pool?.userPoolId.split("_")[0] ?? region;
  return {
    kind: "cognito",
    issuer: `https://cognito-idp.${poolRegion}.${partitionOf(poolRegion).dnsSuffix}/${userPoolId}`,
    audience: clientId,
    userClaim: "username",
    groupsClaim: "cognito:groups",
    closeAtExpiry,
  };
}
