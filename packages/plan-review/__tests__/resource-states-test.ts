import { expect } from "chai";
import { type ResourceState, sidesOf } from "../src/resource-states.ts";
import { aPlan, readPlanOf } from "./support/plans.ts";

const change = { actions: ["create"], before: null, after: {}, after_unknown: { policy: true } };
const unknown = (address: string) => ({ address, mode: "managed", type: "aws_sqs_queue", name: "a", change });
const written = (policy: string) => [
  { type: "aws_sqs_queue", name: "a", expressions: { policy: { constant_value: policy } } },
];

const one = (states: readonly ResourceState[]): ResourceState => states[0] as ResourceState;

describe("resource-states", () => {
  it("reads the configuration from the resource's own module", () => {
    const inner = { module: { resources: written("inner") } };
    const module = { resources: written("outer"), module_calls: { b: inner } };
    const plan = readPlanOf({
      resource_changes: [
        unknown("aws_sqs_queue.a"),
        unknown('module.a["x.y"].aws_sqs_queue.a[0]'),
        unknown("module.a[1].module.b.aws_sqs_queue.a"),
        unknown("module.c.aws_sqs_queue.a"),
      ],
      configuration: { root_module: { resources: written("root"), module_calls: { a: { module }, c: {} } } },
    });
    expect(sidesOf(plan).after.map(({ text }) => text("policy"))).to.deep.equal(["root", "outer", "inner", undefined]);
  });

  it("reads the constant values of blocks from the configuration", () => {
    const name = { constant_value: "more" };
    const expressions = { inline_policy: [{ name, policy: { references: ["var.policy"] } }] };
    const plan = readPlanOf({
      resource_changes: [
        {
          ...unknown("aws_iam_role.a"),
          type: "aws_iam_role",
          change: { ...change, after_unknown: { inline_policy: true } },
        },
      ],
      configuration: { root_module: { resources: [{ type: "aws_iam_role", name: "a", expressions }] } },
    });
    const role = one(sidesOf(plan).after);
    expect(role.texts("inline_policy")).to.deep.equal([{ path: "inline_policy.0.name", text: "more" }]);
    expect(role.hides("inline_policy")).to.equal("known after apply");
  });

  it("reads one value of a block, and distinguishes hidden values from values that are not set", () => {
    const { after } = sidesOf(
      aPlan({
        "aws_dynamodb_table.a": {
          before: null,
          after: { ttl: [{ enabled: true }], name: "a" },
          after_unknown: { ttl: [{ attribute_name: true }] },
          after_sensitive: { name: true },
          written: { name: "a", ttl: { references: ["var.ttl"] } },
        },
      }),
    );
    const visible = { isSensitive: false, isUnknown: false };
    const { at } = one(after);
    expect(at("ttl", 0, "enabled")).to.deep.equal({ value: true, ...visible, isWritten: true });
    expect(at("ttl", 0, "attribute_name")).to.deep.equal({
      value: undefined,
      ...visible,
      isUnknown: true,
      isWritten: true,
    });
    expect(at("name").isSensitive).to.equal(true);
    expect(at("stream", 0, "arn")).to.deep.equal({ value: undefined, ...visible, isWritten: false });
  });

  it("has a forgotten resource on both sides, and a deposed object before the current one", () => {
    const queue = (name: string, rest: object) => ({
      ...unknown("aws_sqs_queue.a"),
      ...rest,
      change: { actions: ["no-op"], before: { name }, after: { name } },
    });
    const forgotten = {
      ...unknown("aws_sqs_queue.b"),
      change: { actions: ["forget"], before: { name: "kept" }, after: null },
    };
    const gone = {
      ...queue("old", { deposed: "d1" }),
      change: { actions: ["delete"], before: { name: "old" }, after: null },
    };
    const { before, after } = sidesOf(readPlanOf({ resource_changes: [queue("current", {}), gone, forgotten] }));
    expect(before.map(({ text }) => text("name"))).to.deep.equal(["old", "current", "kept"]);
    expect(after.map(({ text }) => text("name"))).to.deep.equal(["current", "kept"]);
  });
});
