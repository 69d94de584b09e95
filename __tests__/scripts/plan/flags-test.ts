import { expect } from "chai";
import { environments } from "../../../infra/environments.ts";
import { HELP, readPlanFlags } from "../../../scripts/plan/flags.ts";

const read = (...args: string[]) => readPlanFlags(args, environments);

describe("scripts/plan/flags", () => {
  it("takes the first environment, and nothing else, unless told otherwise", () => {
    const [environment] = environments;
    const off = { markdown: false, guard: false, destroy: false, help: false };
    expect(read()).to.deep.equal({ environment, ...off });
  });

  it("takes the environment that is named", () => {
    const last = environments.at(-1);
    expect(read("--environment", last?.name ?? "", "--guard")).to.include({ environment: last, guard: true });
  });

  it("refuses an environment that there is not, with those that there are, and flags that it does not know", () => {
    expect(() => read("--environment", "moon")).to.throw(
      'no environment "moon" in infra/environments.ts. Choose one of dev',
    );
    expect(() => read("--lock")).to.throw("--lock");
  });

  it("explains every flag", () => {
    for (const flag of Object.keys(read())) expect(HELP).to.match(new RegExp(`^  --${flag}\\b`, "m"));
  });
});
