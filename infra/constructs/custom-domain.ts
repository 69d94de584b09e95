import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation/index.js";
import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping/index.js";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name/index.js";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import { Construct } from "constructs";
import { withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import type { WebSocketApi } from "./websocket-api.ts";

export interface CustomDomainProps {
  readonly domain: NonNullable<Environment["domain"]>;
  readonly api: WebSocketApi;
}

/**
 * A custom domain for clients, with its certificate and DNS records. The default endpoint stays enabled for pushes: on the
 * domain, the path of `@connections` would not contain the stage.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export class CustomDomain extends Construct {
  /** `wss://<name>`, without a stage. */
  readonly url: string;

  constructor(scope: Construct, id: string, { domain, api }: CustomDomainProps) {
    super(scope, id);
    const zone = withId(new DataAwsRoute53Zone(this, "zone", { name: domain.hostedZone }), id);
    const certificate = this.#createCertificate(domain.name);
    const domainName = this.#createDomainName(domain.name, this.#validate(certificate, zone));
    this.#map(domainName, api);
    this.#createRecord(zone, domainName);
    this.url = `wss://${domainName.domainName}`;
  }

  #createCertificate(domainName: string): AcmCertificate {
    const certificate = new AcmCertificate(this, "certificate", {
      domainName,
      validationMethod: "DNS",
      // ACM refuses to delete a certificate that is in use.
      lifecycle: { createBeforeDestroy: true },
    });
    return withId(certificate, this.node.id);
  }

  /** Proves ownership of the domain with a DNS record. ACM also checks the record when it renews the certificate. */
  #validate(certificate: AcmCertificate, zone: DataAwsRoute53Zone): AcmCertificateValidation {
    const option = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, "proof", {
      zoneId: zone.zoneId,
      name: option.resourceRecordName,
      type: option.resourceRecordType,
      records: [option.resourceRecordValue],
      ttl: 60,
      // A new certificate for the domain needs the same record.
      allowOverwrite: true,
    });
    const validation = new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: [withId(record, `${this.node.id}-proof`).fqdn],
    });
    return withId(validation, this.node.id);
  }

  #createDomainName(name: string, { certificateArn }: AcmCertificateValidation): Apigatewayv2DomainName {
    const domainName = new Apigatewayv2DomainName(this, "domain-name", {
      domainName: name,
      domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    });
    return withId(domainName, this.node.id);
  }

  #map({ id: domainName }: Apigatewayv2DomainName, { apiId, stageName: stage }: WebSocketApi): void {
    withId(new Apigatewayv2ApiMapping(this, "mapping", { apiId, domainName, stage }), this.node.id);
  }

  #createRecord({ zoneId }: DataAwsRoute53Zone, { domainName, domainNameConfiguration }: Apigatewayv2DomainName): void {
    const record = new Route53Record(this, "record", {
      zoneId,
      name: domainName,
      type: "A",
      alias: {
        name: domainNameConfiguration.targetDomainName,
        zoneId: domainNameConfiguration.hostedZoneId,
        evaluateTargetHealth: false,
      },
    });
    withId(record, this.node.id);
  }
}
