/** A group of regions with accounts, ARNs and addresses of its own. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export interface Partition {
  /** The second part of an ARN: `aws-cn`. */
  readonly name: string;
  /** The end of a service's address in the partition's regions: `amazonaws.com.cn`. */
  readonly dnsSuffix: string;
}

/** By the beginning of a region's code. https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json */
const PARTITIONS: readonly [regions: RegExp, Partition][] = [
  [/^cn-/, { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" }],
  [/^us-gov-/, { name: "aws-us-gov", dnsSuffix: "amazonaws.com" }],
  [/^[a-z]{2}-(?!iso)/, { name: "aws", dnsSuffix: "amazonaws.com" }],
];

/**
 * Throws at a region of another partition. Service principals (`lambda.amazonaws.com`) are the same in all of these
 * partitions. https://github.com/aws/aws-cdk/issues/2198
 */
export function partitionOf(region: string): Partition {
  const partition = PARTITIONS.find(([regions]) => regions.test(region))?.[1];
  if (partition) return partition;
  throw new Error(
    `The region "${region}" is in none of the supported partitions: aws, aws-cn (cn-…) and aws-us-gov (us-gov-…). Choose a region of one of them.`,
  );
}
