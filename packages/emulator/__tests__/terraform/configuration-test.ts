import { expect } from "chai";
import { addressOf, block, blocks, readEach, StackError } from "../../src/terraform/configuration.ts";

describe("terraform/configuration", () => {
  it("returns all blocks of a kind, or the only one", () => {
    expect(blocks(undefined)).to.deep.equal([]);
    expect(blocks(null)).to.deep.equal([]);
    expect(blocks({ a: 1 })).to.deep.equal([{ a: 1 }]);
    expect(blocks([{ a: 1 }, { a: 2 }])).to.have.length(2);
    expect(block(undefined)).to.deep.equal({});
    expect(block([{ a: 1 }])).to.deep.equal({ a: 1 });
  });

  it("returns the address of a resource, also of a module's", () => {
    expect(addressOf("aws_iam_role", 'say["a"]')).to.equal('aws_iam_role.say["a"]');
    expect(addressOf("aws_iam_role", "module.api.aws_iam_role.say")).to.equal("module.api.aws_iam_role.say");
  });

  it("reads each item, and reports all faults at once", () => {
    expect(readEach([1, 2], (number) => number + 1)).to.deep.equal([2, 3]);
    const read = (number: number) => {
      if (number !== 2) throw new StackError([`No ${number}.`]);
    };
    expect(() => readEach([1, 2, 3], read)).to.throw(/No 1\.\n {2}- No 3\./);
  });
});
