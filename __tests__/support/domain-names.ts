/** What AWS adds to the address of a domain. */
const ADDED = {
  apiGatewayDomainName: "d-0a1b2c3d4e.execute-api.eu-west-2.amazonaws.com",
  domainNameStatus: "AVAILABLE",
  hostedZoneId: "ZJ5UAJN8Y3Z2Q",
};

/** Gives the body of a request with what moto lacks for a custom domain: it keeps its configuration as it comes, and adds nothing. */
export function withDomainStatus(url: string, body: string): string {
  if (!url.startsWith("/v2/domainnames") || !body.includes("domainNameConfigurations")) return body;
  const { domainNameConfigurations, ...rest } = JSON.parse(body);
  const configurations = domainNameConfigurations.map((configuration: object) => ({ ...configuration, ...ADDED }));
  return JSON.stringify({ ...rest, domainNameConfigurations: configurations });
}
