/**
 * The regions that version 5.100 of the AWS provider for Terraform knows, the oldest version that is allowed here. A newer
 * region fails at plan with "Invalid AWS Region".
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const REGIONS: readonly string[] = [
  ...["af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7"],
  ...["ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"],
  ...["eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1"],
  ...["sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
  ...["cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1"],
];

/**
 * The regions without function URLs.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
 */
export const WITHOUT_FUNCTION_URLS: readonly string[] = [
  ...["ap-east-2", "ap-south-2", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1"],
  ...["eu-central-2", "eu-south-2", "il-central-1", "me-central-1"],
];

/** The sustained rate and the burst of a stage. */
export interface Throttle {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

const SMALLER_QUOTA: readonly string[] = [
  ...["af-south-1", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7"],
  ...["ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "mx-central-1"],
];

/** API Gateway's default quota for an account. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const defaultQuota = (region: string): Throttle =>
  SMALLER_QUOTA.includes(region)
    ? { requestsPerSecond: 2_500, burst: 1_250 }
    : { requestsPerSecond: 10_000, burst: 5_000 };
