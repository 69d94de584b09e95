import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { expect } from "chai";
import type { Environment } from "../../../infra/settings/settings.ts";
import { aChatStack, EVERYTHING, synthesizedChat, WEBSITE } from "../../support/synthesized.ts";

type Attributes = Readonly<Record<string, unknown>>;

interface Synthesized {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly output: Readonly<Record<string, { readonly value: string }>>;
  readonly provider: { readonly aws: readonly Attributes[] };
}

const withPage = (own: Partial<Environment> = { website: true }): Synthesized =>
  JSON.parse(Testing.synth(aChatStack({ environment: own }), true));

const configIn = ({ resource }: Synthesized) => JSON.parse(String(resource.aws_s3_object?.["website-config"]?.content));

function variablesIn({ resource }: Synthesized, entry: string): Readonly<Record<string, string>> {
  const { environment } = resource.aws_lambda_function?.[entry] ?? {};
  return (environment as { variables: Record<string, string> }).variables;
}

const HOST = "${aws_cloudfront_distribution.website.domain_name}";
const SIGN_IN = "https://${aws_cognito_user_pool_domain.website.domain}.auth.eu-west-2.amazoncognito.com";

describe("infra/constructs/website", () => {
  let page: Synthesized;
  let pooled: Synthesized;
  before(() => {
    page = withPage();
    pooled = withPage({ ...WEBSITE, authentication: { kind: "cognito" } });
  });

  it("does not exist by default", () => {
    const { resource, output } = withPage({});
    expect(Object.keys(resource).filter((type) => /cloudfront|s3/.test(type))).to.deep.equal([]);
    expect(output).not.to.have.property("website_url");
  });

  it("outputs its address", () => {
    expect(page.output.website_url?.value).to.equal(`https://${HOST}`);
    expect(pooled.output.website_url?.value).to.equal("https://www.example.com");
  });

  it("lets only its distribution read the bucket, and only over TLS", () => {
    const { Statement } = JSON.parse(String(page.resource.aws_s3_bucket_policy?.website?.policy));
    expect(Statement[0]).to.deep.include({
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: "${aws_s3_bucket.website.arn}/*",
      Condition: { StringEquals: { "aws:SourceArn": "${aws_cloudfront_distribution.website.arn}" } },
    });
    expect(Statement[1]).to.deep.include({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } });
  });

  it("uploads each file without tags, and the start page after the others", () => {
    const objects = page.resource.aws_s3_object ?? {};
    expect(Object.values(objects).map(({ key }) => key)).to.have.members([
      "assets/index-B1.js",
      "config.json",
      "index.html",
    ]);
    for (const { override_provider } of Object.values(objects)) {
      expect(override_provider).to.deep.equal({ default_tags: { tags: {} } });
    }
    expect(objects["website-index-html"]?.depends_on).to.have.members([
      "aws_s3_object.website-config",
      "aws_s3_object.website-assets-index-B1-js",
    ]);
    expect(objects["website-assets-index-B1-js"]?.lifecycle).to.deep.equal({ create_before_destroy: true });
  });

  it("gives the page the WebSocket address, and no sign-in without authentication", () => {
    expect(configIn(page)).to.deep.equal({
      url: "${aws_apigatewayv2_stage.stage.invoke_url}",
      signIn: { kind: "none" },
    });
  });

  it("gives the page the moderators, and for how long users can edit their messages", () => {
    const config = configIn(withPage({ ...WEBSITE, moderators: ["staff"], ownMessageMinutes: 15, reactions: true }));
    expect(config).to.deep.include({ moderators: ["staff"], ownMessageMinutes: 15, reactions: true });
    expect(configIn(withPage({ ...WEBSITE, lastingMembership: true }))).to.include({ lastingMembership: true });
    expect(config).not.to.have.property("lastingMembership");
  });

  it("gives the page the setting unreadCounts", () => {
    const config = (own: object) => configIn(withPage({ ...WEBSITE, authentication: { kind: "cognito" }, ...own }));
    expect(config({ unreadCounts: true })).to.have.property("unreadCounts", true);
    for (const own of [{}, { unreadCounts: false }]) expect(config(own)).not.to.have.property("unreadCounts");
  });

  it("gives the page the sign-in of the stack's user pool, with an app client of its own", () => {
    expect(configIn(pooled).signIn).to.deep.equal({
      kind: "cognito",
      domain: SIGN_IN,
      clientId: "${aws_cognito_user_pool_client.website.id}",
      scopes: ["openid"],
      redirectUri: "https://www.example.com/",
    });
    expect(pooled.resource.aws_cognito_user_pool_client?.website).to.deep.include({
      generate_secret: false,
      allowed_oauth_flows: ["code"],
      allowed_oauth_scopes: ["openid"],
      callback_urls: ["https://www.example.com/"],
    });
    expect(JSON.parse(String(variablesIn(pooled, "authorize").TOKEN_RULES)).audience).to.deep.equal([
      "${aws_cognito_user_pool_client.users.id}",
      "${aws_cognito_user_pool_client.website.id}",
    ]);
  });

  it("gives the page the sign-in of an existing user pool, as the settings name it", () => {
    const pool = { userPoolId: "eu-west-1_AbCdEfGhI", clientId: "programs" };
    const cognito = { domain: "login.example.com", clientId: "page" };
    const existing = withPage({ website: { cognito }, authentication: { kind: "cognito", pool } });
    expect(configIn(existing).signIn).to.deep.include({
      domain: "https://login.example.com",
      clientId: "page",
      redirectUri: `https://${HOST}/`,
    });
    expect(JSON.parse(String(variablesIn(existing, "authorize").TOKEN_RULES)).audience).to.deep.equal([
      "programs",
      "page",
    ]);
    expect(existing.resource).not.to.have.any.keys("aws_cognito_user_pool_client", "aws_cognito_user_pool_domain");
  });

  it("may connect from both of its addresses, beside the origins in the settings", () => {
    expect(variablesIn(page, "connect").ALLOWED_ORIGINS).to.equal(`https://${HOST}`);
    const { allowedOrigins } = EVERYTHING;
    const more = withPage({ ...WEBSITE, allowedOrigins: [...allowedOrigins, "https://www.example.com"] });
    expect(variablesIn(more, "connect").ALLOWED_ORIGINS?.split(" ")).to.deep.equal([
      `https://${HOST}`,
      "https://www.example.com",
      ...allowedOrigins,
    ]);
  });

  it("restricts the page to its own files, the API and the sign-in", () => {
    const policyIn = ({ resource }: Synthesized): string => {
      const headers = resource.aws_cloudfront_response_headers_policy?.website?.security_headers_config;
      return JSON.parse(JSON.stringify(headers)).content_security_policy.content_security_policy;
    };
    const endpoint = "aws_apigatewayv2_api.api.api_endpoint";
    const asHttp = `replace(replace(${endpoint}, "wss://", "https://"), "ws://", "http://")`;
    const chat = `\${${endpoint}} \${${asHttp}}`;
    expect(policyIn(page)).to.include(`connect-src 'self' ${chat};`);
    expect(policyIn(pooled)).to.include(`connect-src 'self' ${chat} ${SIGN_IN};`);
    expect(policyIn(withPage({ ...WEBSITE, domain: EVERYTHING.domain }))).to.include(
      "connect-src 'self' wss://chat.example.com https://chat.example.com;",
    );
    expect(policyIn(page)).to.include("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policyIn(page)).not.to.include("unsafe");
  });

  it("has a certificate in us-east-1 and addresses for IPv4 and IPv6 with a domain", () => {
    const { resource } = withPage({ ...WEBSITE, domain: EVERYTHING.domain, tags: { team: "chat" } });
    expect(resource.aws_acm_certificate?.website).to.include({ provider: "aws.us-east-1" });
    expect(resource.aws_acm_certificate?.domain).not.to.have.property("provider");
    const records = [resource.aws_route53_record?.website, resource.aws_route53_record?.["website-ipv6"]];
    expect(records.map((record) => record?.type)).to.deep.equal(["A", "AAAA"]);
  });

  it("keeps the provider of the certificate when it is off, so that Terraform can delete the certificate", () => {
    expect(withPage({ tags: { team: "chat" } }).provider.aws[1]).to.deep.equal({
      alias: "us-east-1",
      region: "us-east-1",
      default_tags: [{ tags: { team: "chat", environment: "dev", project: "chat" } }],
    });
    expect(withPage({ region: "cn-north-1" }).provider.aws).to.have.length(1);
  });

  it("has a bucket name with the longest name of an environment", () => {
    const { resource } = withPage({ website: true, name: "n".repeat(41) });
    const prefix = String(resource.aws_s3_bucket?.website?.bucket_prefix);
    expect(prefix)
      .to.match(/^chat-n+-website-$/)
      .and.to.have.length(37);
  });

  it("is synthesized to the same bytes twice", () => {
    const [one, other] = [1, 2].map(() =>
      readFileSync(join(synthesizedChat({ environment: WEBSITE }), "cdk.tf.json"), "utf8"),
    );
    expect(one).to.equal(other);
  });
});
