import { expect } from "chai";
import { chooseEnvironment } from "../../scripts/environment.ts";
import { environment } from "../support/synthesized.ts";

const prod = { ...environment, name: "prod" };

describe("scripts/environment", () => {
  it("is the first where none is named", () => {
    expect(chooseEnvironment(undefined, [environment, prod])).to.equal(environment);
  });

  it("is the one of the name", () => {
    expect(chooseEnvironment("prod", [environment, prod])).to.equal(prod);
  });

  it("is none of another name, and those there are are told", () => {
    expect(() => chooseEnvironment("test", [environment, prod])).to.throw(
      'There is no environment "test" in infra/environments.ts. Choose one of dev, prod.',
    );
  });
});
