/** What differs between groups of AWS's regions. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export interface Partition {
  /** The second part of an ARN. */
  readonly name: string;
  /** The end of a service's address. */
  readonly dnsSuffix: string;
}

/** A region of no other partition is in `aws`: the emulator calls no address, and takes any region. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  return { name: region.startsWith("us-gov-") ? "aws-us-gov" : "aws", dnsSuffix: "amazonaws.com" };
}
