import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation/index.js";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { withId } from "../names.ts";
import type { Domain } from "../settings/domain.ts";
import { CREATE_BEFORE_DESTROY } from "../terraform.ts";

export interface CertificateProps {
  readonly domain: Domain;
  /** The id of the resources in Terraform. */
  readonly terraformId: string;
  /** For a certificate in another region than the stack. */
  readonly provider?: TerraformProvider | undefined;
}

/** A certificate for a name in an existing zone of Route 53, validated by a DNS record. */
export class Certificate extends Construct {
  /** Known once the certificate is valid. */
  readonly arn: string;
  readonly zoneId: string;

  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);
    const { domain, terraformId } = props;
    this.zoneId = withId(new DataAwsRoute53Zone(this, "zone", { name: domain.hostedZone }), terraformId).zoneId;
    this.arn = this.#validate(this.#createCertificate(props), props).certificateArn;
  }

  #createCertificate({ domain, terraformId, provider }: CertificateProps): AcmCertificate {
    const certificate = new AcmCertificate(this, "certificate", {
      domainName: domain.name,
      validationMethod: "DNS",
      ...(provider && { provider }),
      // ACM refuses to delete a certificate that is in use.
      lifecycle: CREATE_BEFORE_DESTROY,
    });
    return withId(certificate, terraformId);
  }

  /** Proves ownership of the domain with a DNS record. ACM also checks the record when it renews the certificate. */
  #validate(certificate: AcmCertificate, { terraformId, provider }: CertificateProps): AcmCertificateValidation {
    const option = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, "proof", {
      zoneId: this.zoneId,
      name: option.resourceRecordName,
      type: option.resourceRecordType,
      records: [option.resourceRecordValue],
      ttl: 60,
      // A new certificate for the domain needs the same record.
      allowOverwrite: true,
    });
    const validation = new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: [withId(record, `${terraformId}-proof`).fqdn],
      ...(provider && { provider }),
    });
    return withId(validation, terraformId);
  }
}
