import type { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";
import type { TokenRules } from "../../authentication/identity.ts";
import { partitionOf } from "../../aws/partition.ts";
import { closesAtExpiry } from "../settings/authentication.ts";
import type { Environment } from "../settings/settings.ts";
import { Authorizer, type AuthorizerProps } from "./authorizer.ts";
import type { UserPool } from "./user-pool.ts";

/** How API Gateway protects a route. */
export type Authorization =
  | { readonly authorizationType: "NONE" | "AWS_IAM" }
  | {
      readonly authorizationType: "CUSTOM";
      readonly authorizerId: string;
      /** The permission exists as long as the route refers to the authorizer, also during creation and removal. */
      readonly dependsOn: LambdaPermission[];
    };

export interface AdmissionProps extends Omit<AuthorizerProps, "rules"> {
  /** The user pool that the stack creates. */
  readonly userPool: UserPool | undefined;
  /** The app client of the environment's own page, whose tokens are accepted too. */
  readonly pageClientId: string | undefined;
}

/** How `$connect` is protected, by the environment's authentication. */
export class Admission extends Construct {
  /** Of `$connect`. */
  readonly authorization: Authorization;
  readonly authorizer: Authorizer | undefined;

  constructor(scope: Construct, id: string, { userPool, pageClientId, ...props }: AdmissionProps) {
    super(scope, id);
    const { environment } = props;
    const { kind } = environment.authentication;
    const rules = rulesOf(environment, { userPool, pageClientId });
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
function rulesOf(
  environment: Environment,
  { userPool, pageClientId }: Pick<AdmissionProps, "userPool" | "pageClientId">,
): TokenRules | undefined {
  const { authentication, region } = environment;
  const closeAtExpiry = closesAtExpiry(authentication);
  if (authentication.kind === "jwt") {
    const { issuer, audience, userClaim = "sub", groupsClaim = "groups" } = authentication;
    return { kind: "jwt", issuer, audience, userClaim, groupsClaim, closeAtExpiry };
  }
  if (authentication.kind !== "cognito") return undefined;
  const { pool } = authentication;
  const { userPoolId, clientId } = pool ?? (userPool as UserPool);
  const poolRegion = pool?.userPoolId.split("_")[0] ?? region;
  const hasOwnClient = pageClientId !== undefined && pageClientId !== clientId;
  return {
    kind: "cognito",
    issuer: `https://cognito-idp.${poolRegion}.${partitionOf(poolRegion).dnsSuffix}/${userPoolId}`,
    audience: hasOwnClient ? [clientId, pageClientId] : clientId,
    userClaim: "username",
    groupsClaim: "cognito:groups",
    closeAtExpiry,
  };
}
