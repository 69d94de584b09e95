/** A group of AWS regions with its own ARN prefix and DNS suffix. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export interface Partition {
  /** The second part of an ARN, such as `aws-cn`. */
  readonly name: string;
  /** The suffix of the host names of services. */
  readonly dnsSuffix: string;
}

/** An unknown region is in `aws`. The emulator accepts any region, because it sends nothing to AWS. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  return { name: region.startsWith("us-gov-") ? "aws-us-gov" : "aws", dnsSuffix: "amazonaws.com" };
}
