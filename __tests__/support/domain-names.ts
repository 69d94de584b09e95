/** Members that AWS adds to the configuration of a domain. */
const ADDED = {
  apiGatewayDomainName: "d-0a1b2c3d4e.execute-api.eu-west-2.amazonaws.com",
  domainNameStatus: "AVAILABLE",
  hostedZoneId: "ZJ5UAJN8Y3Z2Q",
};

/** Adds missing members to moto's answer for one domain, and removes mutual TLS, which was not requested. */
export function completeDomain(url: string, answered: string): string {
  if (!url.startsWith("/v2/domainnames") || !answered.includes("domainNameConfigurations")) return answered;
  const { domainNameConfigurations, mutualTlsAuthentication, ...rest } = JSON.parse(answered);
  // A list of domains is nested one level deeper.
  if (!domainNameConfigurations) return answered;
  const configurations = domainNameConfigurations.map((configuration: object) => ({ ...configuration, ...ADDED }));
  return JSON.stringify({ ...rest, domainNameConfigurations: configurations });
}
