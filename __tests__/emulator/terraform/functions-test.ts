import { expect } from "chai";
import { readStack } from "../../../emulator/terraform/stack.ts";
import { fixtureStack, returning } from "../../support/fixture-stack.ts";

describe("emulator/terraform/functions", () => {
  const read = (lambda: object, added: object = {}) =>
    readStack(fixtureStack({ routes: { one: { code: returning("1"), lambda } }, resources: added })).functions[0];

  const asynchronous = (config: object) =>
    read({}, { aws_lambda_function_event_invoke_config: { one: { function_name: "one", ...config } } })?.asynchronous;

  it("have Lambda's defaults", () => {
    const own = read({});
    expect(own?.reservedConcurrency).to.equal(undefined);
    expect(own?.asynchronous).to.include({ retriesMax: 2, ageSecondsMax: 21_600 });
  });

  it("reserve concurrency, and none with -1", () => {
    expect(read({ reserved_concurrent_executions: 0 })?.reservedConcurrency).to.equal(0);
    expect(read({ reserved_concurrent_executions: 7 })?.reservedConcurrency).to.equal(7);
    expect(read({ reserved_concurrent_executions: -1 })?.reservedConcurrency).to.equal(undefined);
  });

  it("play asynchronous events as they are told", () => {
    expect(asynchronous({ maximum_retry_attempts: 0, maximum_event_age_in_seconds: 60 })).to.include({
      retriesMax: 0,
      ageSecondsMax: 60,
    });
  });

  it("are refused with a destination that is neither function nor queue of the stack, by name", () => {
    const topic = "arn:aws:sns:eu-west-2:000000000000:topic";
    expect(() => asynchronous({ destination_config: { on_failure: { destination: topic } } })).to.throw(
      `The emulator cannot play ${topic} as the destination on_failure of one.`,
    );
    expect(() => read({ dead_letter_config: { target_arn: topic } })).to.throw(
      `The emulator cannot play ${topic} as the dead_letter_config of one.`,
    );
  });

  for (const attribute of ["layers", "image_uri", "s3_bucket"]) {
    it(`are refused with ${attribute}, by name`, () => {
      expect(() => read({ [attribute]: "x" })).to.throw(
        `The emulator cannot play "${attribute}" of aws_lambda_function.one.`,
      );
    });
  }

  it("are refused in another language, by name", () => {
    expect(() => read({ runtime: "python3.13" })).to.throw(
      "The emulator cannot play the runtime python3.13 of aws_lambda_function.one; only Node.js.",
    );
  });
});
