import { Testing } from "cdktf";
import { expect } from "chai";
import { aChatStack } from "../../support/synthesized.ts";

const DOMAIN = { name: "chat.example.com", hostedZone: "example.com" };

interface Synthesized {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly data: Record<string, Record<string, Record<string, unknown>>>;
  readonly output: Record<string, { readonly value: string }>;
}

describe("infra/constructs/custom-domain", () => {
  let synthesized: Synthesized;
  before(() => {
    synthesized = JSON.parse(Testing.synth(aChatStack({ environment: { domain: DOMAIN } }), true));
  });
  const resource = (type: string, id = "domain") => expect(synthesized.resource[`aws_${type}`]?.[id]);

  it("looks up the existing zone", () => {
    expect(synthesized.data.aws_route53_zone?.domain).to.include({ name: DOMAIN.hostedZone });
  });

  it("creates a new certificate before it deletes the old one", () => {
    resource("acm_certificate").to.deep.include({
      domain_name: DOMAIN.name,
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
    });
  });

  it("proves ownership of the domain with a record in the zone", () => {
    const asked = "tolist(aws_acm_certificate.domain.domain_validation_options).0";
    resource("route53_record", "domain-proof").to.deep.include({
      zone_id: "${data.aws_route53_zone.domain.zone_id}",
      name: `\${${asked}.resource_record_name}`,
      type: `\${${asked}.resource_record_type}`,
      records: [`\${${asked}.resource_record_value}`],
    });
    resource("acm_certificate_validation").to.deep.include({
      validation_record_fqdns: ["${aws_route53_record.domain-proof.fqdn}"],
    });
  });

  it("creates the domain after the validation of the certificate, for TLS 1.2 and later", () => {
    resource("apigatewayv2_domain_name").to.deep.include({
      domain_name: DOMAIN.name,
      domain_name_configuration: {
        certificate_arn: "${aws_acm_certificate_validation.domain.certificate_arn}",
        endpoint_type: "REGIONAL",
        security_policy: "TLS_1_2",
      },
    });
  });

  it("maps the domain to the stage", () => {
    resource("apigatewayv2_api_mapping").to.include({ stage: "${aws_apigatewayv2_stage.stage.name}" });
    resource("route53_record").to.deep.include({
      name: "${aws_apigatewayv2_domain_name.domain.domain_name}",
      type: "A",
      alias: {
        name: "${aws_apigatewayv2_domain_name.domain.domain_name_configuration[0].target_domain_name}",
        zone_id: "${aws_apigatewayv2_domain_name.domain.domain_name_configuration[0].hosted_zone_id}",
        evaluate_target_health: false,
      },
    });
  });

  it("outputs the domain as the URL, without the stage", () => {
    expect(synthesized.output.websocket_url?.value).to.equal(
      "wss://${aws_apigatewayv2_domain_name.domain.domain_name}",
    );
  });

  it("keeps the default endpoint for pushes (HS-02, HS-06)", () => {
    const address = 'replace(aws_apigatewayv2_api.api.api_endpoint, "wss://", "https://")';
    expect(synthesized.output.management_endpoint?.value).to.include(address);
    resource("apigatewayv2_api", "api").not.to.have.property("disable_execute_api_endpoint");
  });
});
