import { type OrderRules, textsOf } from "./control-plane.ts";

/** Certificates that CloudFront uses. moto deletes them. */
export const CERTIFICATES: OrderRules = {
  async "acm.DeleteCertificate"({ parameters: { CertificateArn } }, aws) {
    const distributions = await aws.xml("cloudfront", "/2020-05-31/distribution");
    if (!textsOf(distributions, "ACMCertificateArn").includes(String(CertificateArn))) return [];
    const problem = `is "${CertificateArn}", which a distribution of CloudFront uses`;
    const rule = "https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html";
    return [{ member: "CertificateArn", problem, rule, code: "ResourceInUseException" }];
  },
};
