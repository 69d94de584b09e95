import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution/index.js";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control/index.js";
import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { contentSecurityPolicy } from "../../web/security-headers.ts";
import { awsName, withId } from "../names.ts";
import type { Domain } from "../settings/domain.ts";
import type { Environment } from "../settings/settings.ts";
import { START_PAGE } from "../website-files.ts";
import { Certificate } from "./certificate.ts";

export interface DistributionProps {
  readonly environment: Environment;
  readonly bucket: S3Bucket;
  readonly domain: Domain | undefined;
  /** For the certificate: CloudFront reads certificates in us-east-1 only. */
  readonly certificateProvider: TerraformProvider;
  /** The origins that the page connects to, besides its own. */
  readonly connectsTo: readonly string[];
}

/**
 * AWS's policy "CachingOptimized": compresses, and obeys `Cache-Control` of the files. With `no-cache`, CloudFront keeps a file
 * for its minimum of a second.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

const TWO_YEARS_SECONDS = 2 * 365 * 24 * 3600;

const ORIGIN = "files";

const TERRAFORM_ID = "website";

/** Publishes the files of a private bucket over HTTPS, with security headers. */
export class Distribution extends Construct {
  readonly arn: string;
  /** The host name that CloudFront assigns. */
  readonly host: string;
  /** `https://…`, with the domain if there is one. No slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const { domain, certificateProvider: provider } = props;
    const certificate = domain && new Certificate(this, "certificate", { domain, provider, terraformId: TERRAFORM_ID });
    const distribution = this.#createDistribution(props, certificate);
    this.arn = distribution.arn;
    this.host = distribution.domainName;
    this.url = `https://${domain?.name ?? this.host}`;
    if (domain && certificate) this.#createRecords(domain, certificate, distribution);
  }

  #createDistribution(props: DistributionProps, certificate: Certificate | undefined): CloudfrontDistribution {
    const { bucket, domain } = props;
    const distribution = new CloudfrontDistribution(this, "distribution", {
      enabled: true,
      comment: awsName(props.environment, "website"),
      ...(domain && { aliases: [domain.name] }),
      defaultRootObject: START_PAGE,
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      origin: [
        {
          originId: ORIGIN,
          domainName: bucket.bucketRegionalDomainName,
          originAccessControlId: this.#createOriginAccess(props),
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: ORIGIN,
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        viewerProtocolPolicy: "redirect-to-https",
        compress: true,
        cachePolicyId: CACHING_OPTIMIZED,
        responseHeadersPolicyId: this.#createHeaders(props),
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: certificate
        ? { acmCertificateArn: certificate.arn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" }
        : { cloudfrontDefaultCertificate: true },
    });
    return withId(distribution, TERRAFORM_ID);
  }

  /** CloudFront signs its requests to the bucket. */
  #createOriginAccess({ environment }: DistributionProps): string {
    const access = new CloudfrontOriginAccessControl(this, "origin-access", {
      name: awsName(environment, "website"),
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    return withId(access, TERRAFORM_ID).id;
  }

  #createHeaders({ environment, connectsTo }: DistributionProps): string {
    const headers = new CloudfrontResponseHeadersPolicy(this, "headers", {
      name: awsName(environment, "website"),
      securityHeadersConfig: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(connectsTo), override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: true },
        referrerPolicy: { referrerPolicy: "no-referrer", override: true },
        strictTransportSecurity: { accessControlMaxAgeSec: TWO_YEARS_SECONDS, override: true },
      },
      customHeadersConfig: {
        items: [
          { header: "Cross-Origin-Opener-Policy", value: "same-origin", override: true },
          { header: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()", override: true },
        ],
      },
    });
    return withId(headers, TERRAFORM_ID).id;
  }

  #createRecords({ name }: Domain, { zoneId }: Certificate, distribution: CloudfrontDistribution): void {
    for (const [type, suffix] of [
      ["A", ""],
      ["AAAA", "-ipv6"],
    ] as const) {
      const record = new Route53Record(this, `record${suffix}`, {
        zoneId,
        name,
        type,
        alias: { name: distribution.domainName, zoneId: distribution.hostedZoneId, evaluateTargetHealth: false },
      });
      withId(record, `${TERRAFORM_ID}${suffix}`);
    }
  }
}
