import { expect } from "chai";
import { environmentSchema } from "../../../infra/settings/settings.ts";
import { describedVariables } from "../../../scripts/plan/variables.ts";

describe("scripts/plan/variables", () => {
  it("describes variables with settings that an environment has", () => {
    const settings = Object.values(describedVariables).map(({ setting }) => setting);
    expect(Object.keys(environmentSchema.entries)).to.include.members(settings);
    expect(describedVariables.LASTING_ACCESS?.setting).to.equal("lastingMembership");
    expect(describedVariables).not.to.have.property("TABLE_NAME");
  });
});
