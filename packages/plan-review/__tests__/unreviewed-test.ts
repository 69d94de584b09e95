import { expect } from "chai";
import { sectionsOf, summaryOf } from "../src/sections.ts";
import { failedCheckPhrases, unreviewedPhrases } from "../src/unreviewed.ts";
import { textOf } from "./support/phrases.ts";
import { aPlan, aReview, readPlanOf } from "./support/plans.ts";

const reported = (own: object): string[] => unreviewedPhrases(readPlanOf(own)).map(textOf);

const change = (address: string, actions: readonly string[], rest: object = {}) => ({
  address,
  mode: "managed",
  type: "aws_sqs_queue",
  name: "a",
  change: { actions, before: {}, after: {} },
  ...rest,
});

const wipe = { address: "action.aws_lambda_invoke.wipe" };

describe("unreviewed", () => {
  it("reports nothing for a plan that it can review completely", () => {
    expect(unreviewedPhrases(aPlan({ "aws_sqs_queue.a": { before: null, after: {} } }))).to.deep.equal([]);
  });

  it("names a section of a later Terraform", () => {
    expect(reported({ stack_changes: [{}] })).to.deep.equal([
      "This review does not know the section `stack_changes` of the plan. Read it in `terraform show -json`.",
    ]);
  });

  it("reports unknown actions and modes, also in drift", () => {
    const resource_changes = [
      change("aws_sqs_queue.a", ["archive", "create"]),
      change("aws_sqs_queue.b", []),
      change("ephemeral.aws_x.c", ["create"], { mode: "ephemeral" }),
    ];
    expect(reported({ resource_changes, resource_drift: [change("aws_sqs_queue.d", ["moved"])] })).to.deep.equal([
      "This review does not know the actions `archive` and `create` for `aws_sqs_queue.a`. Read its change in `terraform plan`.",
      "This review does not know a change without actions for `aws_sqs_queue.b`. Read its change in `terraform plan`.",
      "This review does not know the mode `ephemeral` of `ephemeral.aws_x.c`.",
      "This review does not know the actions `moved` for `aws_sqs_queue.d`. Read its change in `terraform plan`.",
    ]);
  });

  it("names each provider action with its trigger and settings, without the sensitive ones", () => {
    const trigger = { triggering_resource_address: "aws_lambda_function.say", action_trigger_event: "AfterUpdate" };
    const action_invocations = [
      { ...wipe, config_values: { function_name: "wipe" }, invoke_action_trigger: {} },
      {
        address: "action.aws_sfn_start_execution.go",
        config_values: { input: "correct-horse", name: null },
        config_sensitive: { input: true },
        config_unknown: { name: true },
        lifecycle_action_trigger: trigger,
      },
    ];
    expect(reported({ action_invocations })).to.deep.equal([
      "The plan invokes `action.aws_lambda_invoke.wipe` with `function_name` `wipe`. This review does not know what the action does.",
      "The plan invokes `action.aws_sfn_start_execution.go` on `AfterUpdate` of `aws_lambda_function.say` with `input` a sensitive value and `name` known after apply. This review does not know what the action does.",
    ]);
  });

  it("names deferred changes and invocations, and an incomplete plan", () => {
    const deferred = { reason: "resource_config_unknown", resource_change: change("aws_sqs_queue.a", ["create"]) };
    const own = {
      deferred_changes: [deferred],
      deferred_action_invocations: [{ reason: "deferred_prereq", action_invocation: wipe }],
      complete: false,
    };
    expect(reported(own)).to.deep.equal([
      "The invocation of `action.aws_lambda_invoke.wipe` is deferred (`deferred_prereq`): only a later plan says whether it runs.",
      "The change of `aws_sqs_queue.a` (`create`) is deferred (`resource_config_unknown`): only a later plan shows it.",
      "This plan is incomplete: some changes are deferred or left out by `-target`. Plan again after the apply.",
    ]);
  });

  it("names checks that fail or cannot be evaluated, with their messages", () => {
    const check = (name: string, status: string, ...messages: string[]) => ({
      address: { kind: "check", to_display: `check.${name}` },
      status,
      instances: [{ problems: messages.map((message) => ({ message })) }],
    });
    const checks = [
      check("url", "fail", "The URL has no answer.", "It is not encrypted."),
      check("table", "error"),
      check("later", "unknown"),
      check("fine", "pass"),
      check("new", "skipped"),
    ];
    expect(failedCheckPhrases(readPlanOf({ checks })).map(textOf)).to.deep.equal([
      "The check `check.url` fails: `The URL has no answer.` and `It is not encrypted.`",
      "Terraform could not evaluate the check `check.table`.",
      "The check `check.new` has the status `skipped`.",
    ]);
    const review = aReview({}, { checks: readPlanOf({ checks }).checks });
    expect(sectionsOf(review)[0]?.title).to.equal("Failed checks");
  });

  it("names provisioners that the plan runs, and not those of resources that stay", () => {
    const provisioners = [{ type: "local-exec" }];
    const resources = [
      { type: "aws_sqs_queue", name: "a", provisioners },
      { type: "aws_sqs_queue", name: "b", provisioners },
    ];
    const stays = change("aws_sqs_queue.b", ["no-op"], { name: "b" });
    const resource_changes = [change("aws_sqs_queue.a", ["create"]), stays];
    expect(reported({ resource_changes, configuration: { root_module: { resources } } })).to.deep.equal([
      "`aws_sqs_queue.a` runs the provisioner `local-exec`. This review does not know what it does.",
    ]);
  });

  it("comes first in a review, which then does not claim that nothing changes or that no permission is gained", () => {
    const review = aReview({}, { action_invocations: [wipe] });
    const [first, ...others] = sectionsOf(review);
    expect(first?.title).to.equal("Not reviewed");
    expect(textOf(summaryOf(review))).to.equal("*0 to add, 0 to change, 0 to destroy, 1 action to invoke.*");
    for (const title of ["Permissions gained", "Permissions lost"]) {
      expect(others.find((section) => section.title === title)?.sentences.map(textOf)).to.deep.equal([
        "None among the permissions that were compared. See also: Not reviewed.",
      ]);
    }
  });
});
