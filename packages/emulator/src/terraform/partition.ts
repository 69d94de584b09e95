/** A group of AWS regions with its own ARNs and addresses. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export interface Partition {
  /** The second part of an ARN. */
  readonly name: string;
  /** The end of host names of services. */
  readonly dnsSuffix: string;
}

/** Any other region is in `aws`. The emulator accepts all regions, because it sends nothing to AWS. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  return { name: region.startsWith("us-gov-") ? "aws-us-gov" : "aws", dnsSuffix: "amazonaws.com" };
}
