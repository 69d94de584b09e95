import { expect } from "chai";
import { environments } from "../../../infra/environments.ts";
import { HELP, readPlanFlags } from "../../../scripts/plan/flags.ts";

const read = (...args: string[]) => readPlanFlags(args, environments);

describe("scripts/plan/flags", () => {
  it("uses the first environment and no options by default", () => {
    const [environment] = environments;
    const off = { markdown: false, guard: false, destroy: false, help: false };
    expect(read()).to.deep.equal({ environment, ...off });
  });

  it("uses the named environment", () => {
    const last = environments.at(-1);
    expect(read("--environment", last?.name ?? "", "--guard")).to.include({ environment: last, guard: true });
  });

  it("rejects an unknown environment, with a list of the known ones, and unknown flags", () => {
    expect(() => read("--environment", "moon")).to.throw(
      'no environment "moon" in infra/environments.ts. Choose one of dev',
    );
    expect(() => read("--lock")).to.throw("--lock");
  });

  it("explains every flag", () => {
    for (const flag of Object.keys(read())) expect(HELP).to.match(new RegExp(`^  --${flag}\\b`, "m"));
  });
});
