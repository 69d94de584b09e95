import { isRecord, shown } from "../call.ts";
import { type Constraint, charactersAtMost, type Limit, matching, operations, page } from "./limit.ts";

const CLIENT = operations("cognito-idp", "CreateUserPoolClient", "UpdateUserPoolClient");
const CLIENT_PAGE = page("cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html");
const DISTRIBUTIONS: readonly (readonly [operation: string, at: string])[] = [
  ["CreateDistributionWithTags", "DistributionConfigWithTags.DistributionConfig"],
  ["UpdateDistribution", "DistributionConfig"],
];

/** A query string, as in a header. */
const tagsAtMost =
  (most: number): Constraint =>
  (value) => {
    const { size } = new URLSearchParams(String(value));
    return size <= most ? undefined : `has ${size} tags; AWS accepts at most ${most}`;
  };

const isCallback = matching(
  /(?:https:\/\/|http:\/\/localhost\b|(?!http)[a-z][\w.+-]*:\/\/)[^#]*/,
  "https without a fragment",
);

const withOauth: Constraint = (_, { AllowedOAuthFlowsUserPoolClient }) =>
  AllowedOAuthFlowsUserPoolClient === true ? undefined : "is set without AllowedOAuthFlowsUserPoolClient";

/** CloudFront sends the length of each list next to it. */
const quantitiesFit: Constraint = (value) => {
  if (!isRecord(value)) return undefined;
  const { Quantity, Items } = value;
  if (typeof Quantity === "number" && Quantity !== (Array.isArray(Items) ? Items.length : 0)) {
    return `has the Quantity ${Quantity} with the Items ${shown(Items)}`;
  }
  return Object.values(value)
    .flat()
    .map((inner) => quantitiesFit(inner, {}))
    .find((problem) => problem !== undefined);
};

/** What a website needs: its objects, its distribution and its sign-in. */
export const WEBSITE: readonly Limit[] = [
  {
    of: operations("s3", "PutObject"),
    at: "Tagging",
    accepts: tagsAtMost(10),
    rule: page("AmazonS3/latest/userguide/object-tagging.html"),
    code: "BadRequest",
  },
  {
    of: operations("cognito-idp", "CreateUserPoolDomain"),
    at: "Domain",
    accepts: matching(/(?!.*(?:aws|amazon|cognito)).*/, 'a prefix without "aws", "amazon" and "cognito"'),
    rule: page("cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html"),
  },
  ...["CallbackURLs[]", "LogoutURLs[]"].map((at) => ({ of: CLIENT, at, accepts: isCallback, rule: CLIENT_PAGE })),
  { of: CLIENT, at: "AllowedOAuthFlows", accepts: withOauth, rule: CLIENT_PAGE, code: "InvalidOAuthFlowException" },
  {
    of: operations("cloudfront", "CreateOriginAccessControl"),
    at: "OriginAccessControlConfig.Name",
    accepts: charactersAtMost(64),
    rule: page("cloudfront/latest/APIReference/API_OriginAccessControlConfig.html"),
  },
  ...DISTRIBUTIONS.flatMap(([operation, at]): Limit[] => [
    {
      of: operations("cloudfront", operation),
      at: `${at}.ViewerCertificate.ACMCertificateArn`,
      accepts: matching(/arn:aws:acm:us-east-1:.*/, "a certificate in us-east-1"),
      rule: page("AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html"),
      code: "InvalidViewerCertificate",
    },
    {
      of: operations("cloudfront", operation),
      at,
      accepts: quantitiesFit,
      rule: page(`cloudfront/latest/APIReference/API_${operation}.html`),
      code: "InconsistentQuantities",
    },
  ]),
];
