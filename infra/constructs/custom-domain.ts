import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping/index.js";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import { Construct } from "constructs";
import { withId } from "../names.ts";
import type { Domain } from "../settings/domain.ts";
import { Certificate } from "./certificate.ts";
import type { WebSocketApi } from "./websocket-api.ts";

export interface CustomDomainProps {
  readonly domain: Domain;
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
    const certificate = new Certificate(this, "certificate", { domain, terraformId: id });
    const domainName = this.#createDomainName(domain.name, certificate.arn);
    this.#map(domainName, api);
    this.#createRecord(certificate, domainName);
    this.url = `wss://${domainName.domainName}`;
  }

  #createDomainName(name: string, certificateArn: string): Apigatewayv2DomainName {
    const domainName = new Apigatewayv2DomainName(this, "domain-name", {
      domainName: name,
      domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    });
    return withId(domainName, this.node.id);
  }

  #map({ id: domainName }: Apigatewayv2DomainName, { apiId, stageName: stage }: WebSocketApi): void {
    withId(new Apigatewayv2ApiMapping(this, "mapping", { apiId, domainName, stage }), this.node.id);
  }

  #createRecord({ zoneId }: Certificate, { domainName, domainNameConfiguration }: Apigatewayv2DomainName): void {
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
