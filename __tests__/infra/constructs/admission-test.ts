import { Testing } from "cdktf";
import { expect } from "chai";
import { routes, workers } from "../../../handlers/routes.ts";
import type { Environment } from "../../../infra/settings/settings.ts";
import { aChatStack } from "../../support/synthesized.ts";

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

describe("infra/constructs/admission", () => {
  const resourcesOf = (authentication: Environment["authentication"], own: Partial<Environment> = {}) => {
    const { resource, output } = JSON.parse(
      Testing.synth(aChatStack({ environment: { authentication, ...own } }), true),
    );
    return { resources: resource as Resources, outputs: Object.keys(output) };
  };
  const rulesIn = ({ aws_lambda_function: functions = {} }: Resources) => {
    const { environment = {} } = functions.authorize ?? {};
    return JSON.parse((environment as { variables: { TOKEN_RULES: string } }).variables.TOKEN_RULES);
  };
  const jwt = { kind: "jwt", issuer: "https://login.example.com/", audience: "chat-dev" } as const;

  it("has an authorizer without identity sources for $connect only", () => {
    const { resources: made } = resourcesOf(jwt);
    expect(made.aws_apigatewayv2_authorizer?.authorize).to.include({ authorizer_type: "REQUEST" });
    expect(made.aws_apigatewayv2_authorizer?.authorize).not.to.have.property("identity_sources");
    const guarded = Object.values(made.aws_apigatewayv2_route ?? {}).filter(
      ({ authorization_type }) => authorization_type === "CUSTOM",
    );
    expect(guarded.map(({ route_key }) => route_key)).to.deep.equal(["$connect"]);
    expect(guarded[0]).to.deep.include({
      authorizer_id: "${aws_apigatewayv2_authorizer.authorize.id}",
      depends_on: ["aws_lambda_permission.authorize"],
    });
  });

  it("lets API Gateway invoke the authorizer's function only as this authorizer, and the function only write its log", () => {
    const { resources: made } = resourcesOf(jwt);
    expect(made.aws_lambda_permission?.authorize).to.include({
      source_arn: "${aws_apigatewayv2_api.api.execution_arn}/authorizers/${aws_apigatewayv2_authorizer.authorize.id}",
    });
    expect(
      JSON.parse(String(made.aws_iam_role_policy?.authorize?.policy)).Statement.map(({ Sid }: { Sid: string }) => Sid),
    ).to.deep.equal(["WriteLogs"]);
  });

  it("gives the authorizer the rules for tokens", () => {
    const rules = { ...jwt, userClaim: "sub", groupsClaim: "groups", closeAtExpiry: false };
    expect(rulesIn(resourcesOf(jwt).resources)).to.deep.equal(rules);
  });

  it("lets functions close connections whose tokens expire only in environments that do so", () => {
    const closing = ({ aws_iam_role_policy: policies }: Resources) =>
      Object.values(policies ?? {}).filter(({ policy }) => String(policy).includes(`"Sid":"CloseExpired"`));
    expect(closing(resourcesOf(jwt).resources)).to.deep.equal([]);
    const expected = [...routes, ...workers].filter(
      ({ needs, grants }) => (needs === undefined || needs === "users") && grants.includes("close expired"),
    );
    expect(closing(resourcesOf({ ...jwt, closeAtTokenExpiry: true }).resources)).to.have.length(expected.length);
  });

  it("creates a user pool without self-registration, with the protection of the environment", () => {
    const { resources: made, outputs } = resourcesOf({ kind: "cognito" }, { deletionProtection: true });
    expect(made.aws_cognito_user_pool?.users).to.deep.include({
      admin_create_user_config: { allow_admin_create_user_only: true },
      mfa_configuration: "OPTIONAL",
      deletion_protection: "ACTIVE",
    });
    expect(made.aws_cognito_user_pool_client?.users).to.include({
      generate_secret: false,
      prevent_user_existence_errors: "ENABLED",
      enable_token_revocation: true,
    });
    expect(rulesIn(made)).to.include({
      issuer: "https://cognito-idp.eu-west-2.amazonaws.com/${aws_cognito_user_pool.users.id}",
      audience: "${aws_cognito_user_pool_client.users.id}",
    });
    expect(outputs).to.include.members(["user_pool_id", "user_pool_client_id"]);
  });

  it("uses an existing pool in any region", () => {
    const pool = { userPoolId: "us-east-1_AbCdEfGhI", clientId: "4a1b2c" };
    const { resources: made } = resourcesOf({ kind: "cognito", pool });
    expect(made).not.to.have.property("aws_cognito_user_pool");
    expect(rulesIn(made)).to.include({
      issuer: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI",
      audience: "4a1b2c",
    });
  });

  it("uses IAM authorization without an authorizer, and outputs the ARN to allow", () => {
    const { resources: made, outputs } = resourcesOf({ kind: "iam" });
    expect(made.aws_apigatewayv2_route?.connect).to.include({ authorization_type: "AWS_IAM" });
    expect(made).not.to.have.property("aws_apigatewayv2_authorizer");
    expect(outputs).to.include("connect_arn");
  });

  it("gives $connect the kind of authentication and the allowed origins", () => {
    const { resources: made } = resourcesOf(jwt, { allowedOrigins: ["https://a.org", "https://b.org"] });
    expect(made.aws_lambda_function?.connect).to.have.nested.property("environment.variables").that.includes({
      AUTHENTICATION: "jwt",
      CHECK_BANS: "false",
      ALLOWED_ORIGINS: "https://a.org https://b.org",
    });
  });
});
