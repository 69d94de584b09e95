import { expect } from "chai";
import { chooseEnvironment } from "../../scripts/run-command.ts";
import { environment } from "../support/synthesized.ts";

const prod = { ...environment, name: "prod" };

describe("scripts/run-command", () => {
  it("is the first one by default", () => {
    expect(chooseEnvironment(undefined, [environment, prod])).to.equal(environment);
  });

  it("is the one with the given name", () => {
    expect(chooseEnvironment("prod", [environment, prod])).to.equal(prod);
  });

  it("is rejected if its name is unknown, with a list of the known ones", () => {
    expect(() => chooseEnvironment("test", [environment, prod])).to.throw(
      'There is no environment "test" in infra/environments.ts. Choose one of dev, prod.',
    );
  });
});
