/** A group of regions with its own accounts, ARNs and addresses. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export interface Partition {
  /** The second part of an ARN: `aws-cn`. */
  readonly name: string;
  /** The end of host names of services: `amazonaws.com.cn`. */
  readonly dnsSuffix: string;
}

/** Partitions by the prefix of their region codes. https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json */
const PARTITIONS: readonly [regions: RegExp, Partition][] = [
  [/^cn-/, { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" }],
  [/^us-gov-/, { name: "aws-us-gov", dnsSuffix: "amazonaws.com" }],
  [/^[a-z]{2}-(?!iso)/, { name: "aws", dnsSuffix: "amazonaws.com" }],
];

/**
 * Throws if the region's partition is not supported. Service principals (`lambda.amazonaws.com`) are the same in all
 * supported partitions. https://github.com/aws/aws-cdk/issues/2198
 */
export function partitionOf(region: string): Partition {
  const partition = PARTITIONS.find(([regions]) => regions.test(region))?.[1];
  if (partition) return partition;
  throw new Error(
    `The region "${region}" is not in a supported partition. Supported are aws, aws-cn (cn-…) and aws-us-gov (us-gov-…). Choose a region in one of them.`,
  );
}
