import { expect } from "chai";
import { partitionOf } from "../../aws/partition.ts";

describe("aws/partition", () => {
  for (const [region, name, dnsSuffix] of [
    ["eu-west-2", "aws", "amazonaws.com"],
    ["us-east-1", "aws", "amazonaws.com"],
    ["il-central-1", "aws", "amazonaws.com"],
    ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
    ["cn-northwest-1", "aws-cn", "amazonaws.com.cn"],
  ] as const) {
    it(`maps ${region} to the partition ${name}, with the DNS suffix ${dnsSuffix}`, () => {
      expect(partitionOf(region)).to.deep.equal({ name, dnsSuffix });
    });
  }

  for (const region of ["us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "eusc-de-east-1"]) {
    it(`refuses ${region}, whose partition is not supported`, () => {
      expect(() => partitionOf(region)).to.throw(`The region "${region}" is not in a supported partition`);
    });
  }
});
