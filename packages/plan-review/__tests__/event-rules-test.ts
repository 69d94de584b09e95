import { expect } from "chai";
import { settingPhrase } from "../src/change-phrases.ts";
import { eventPhrase } from "../src/event-rules.ts";
import { sectionsOf } from "../src/sections.ts";
import { textOf } from "./support/phrases.ts";
import { aReview, type Planned } from "./support/plans.ts";

const FUNCTION = "arn:aws:lambda:eu-west-2:1:function:chat-dev-publish";
const PATTERN = '{"source":["deploys"]}';

const BUS = { name: "chat-dev-events", arn: "arn:aws:events:eu-west-2:1:event-bus/chat-dev-events" };
const RULE = { name: "chat-dev-publish", event_bus_name: "default", event_pattern: PATTERN, state: "ENABLED" };
const TARGET = { rule: "chat-dev-publish", event_bus_name: "default", arn: FUNCTION };

const PUBLISH: Planned = { before: { function_name: "chat-dev-publish", arn: FUNCTION } };

const reported = (resources: Readonly<Record<string, Planned>>): string[] => {
  const { events, cost, call } = aReview({ "aws_lambda_function.publish": PUBLISH, ...resources });
  return events.map((change) => textOf(eventPhrase(change, call, cost.dollarsPerMillionEvents)));
};

const withRule = (rule: Planned, target: Planned = { before: TARGET }): Record<string, Planned> => ({
  "aws_cloudwatch_event_rule.publish": rule,
  "aws_cloudwatch_event_target.publish": target,
});

const NOW = '`{"source":["deploys"]}` now go to function `chat-dev-publish`, by event rule `chat-dev-publish`.';

describe("event rules", () => {
  it("reports a rule of the default bus and its target, in both directions", () => {
    const added = withRule({ before: null, after: RULE }, { before: null, after: TARGET });
    expect(reported(added)).to.deep.equal([`Events on the default event bus that match ${NOW}`]);
    const removed = withRule({ before: RULE, after: null }, { before: TARGET, after: null });
    expect(reported(removed)).to.deep.equal([
      `Events on the default event bus that match ${NOW.replace("now", "no longer")}`,
    ]);
    expect(reported(withRule({ before: RULE }))).to.deep.equal([]);
  });

  it("resolves references to a bus, a rule and a function that are known after apply", () => {
    const resources: Record<string, Planned> = {
      "aws_lambda_function.publish": { before: null, after: { function_name: "bot" }, after_unknown: { arn: true } },
      "aws_cloudwatch_event_bus.events": {
        before: null,
        after: { name: "chat-dev-events" },
        after_unknown: { arn: true },
      },
      "aws_cloudwatch_event_rule.publish": {
        ...{ before: null, after: { name: "bot", event_pattern: PATTERN }, after_unknown: { event_bus_name: true } },
        written: { event_bus_name: "${aws_cloudwatch_event_bus.events.name}" },
      },
      "aws_cloudwatch_event_target.publish": {
        ...{ before: null, after: { rule: "bot" }, after_unknown: { arn: true, event_bus_name: true } },
        written: {
          event_bus_name: "${aws_cloudwatch_event_bus.events.name}",
          arn: "${aws_lambda_function.publish.arn}",
        },
      },
    };
    expect(reported(resources)).to.deep.equal([
      "Event bus `chat-dev-events` is new: identities that may `events:PutEvents` can send events to it, for $1.00 a million.",
      'Events on event bus `chat-dev-events` that match `{"source":["deploys"]}` now go to function `bot`, by event rule `bot`.',
    ]);
  });

  it("reports a changed pattern as events that stop and events that start, and not as a setting", () => {
    const after = { ...RULE, event_pattern: '{"source": ["builds"]}' };
    const changes = withRule({ before: RULE, after });
    expect(reported(changes)).to.deep.equal([
      `Events on the default event bus that match ${NOW.replace("deploys", "builds")}`,
      `Events on the default event bus that match ${NOW.replace("now", "no longer")}`,
    ]);
    expect(aReview(changes).settings.map((change) => textOf(settingPhrase(change)))).to.deep.equal([]);
  });

  it("ignores the spaces of a pattern", () => {
    expect(
      reported(withRule({ before: RULE, after: { ...RULE, event_pattern: '{ "source": ["deploys"] }' } })),
    ).to.deep.equal([]);
  });

  it("reports a rule that is switched off or on", () => {
    for (const off of [{ state: "DISABLED" }, { state: undefined, is_enabled: false }]) {
      const disabled = { ...RULE, ...off };
      expect(reported(withRule({ before: RULE, after: disabled }))[0]).to.include("no longer go");
      expect(reported(withRule({ before: disabled, after: RULE }))[0]).to.include("now go");
    }
  });

  it("reports another target, also one that the plan does not show", () => {
    const after = { ...TARGET, arn: "arn:aws:sqs:eu-west-2:2:other" };
    const [added] = reported(withRule({ before: RULE }, { before: TARGET, after }));
    expect(added).to.include("now go to `arn:aws:sqs:eu-west-2:2:other`");
    const { arn: _, ...unknown } = TARGET;
    const hidden = { before: TARGET, after: unknown, after_unknown: { arn: true }, written: {} };
    expect(reported(withRule({ before: RULE }, hidden))[0]).to.include(
      "now go to a target that the plan does not show",
    );
  });

  it("reports a schedule, and a target whose rule is not in the plan", () => {
    const { event_pattern: _, ...rule } = { ...RULE, schedule_expression: "rate(1 day)" };
    expect(reported(withRule({ before: null, after: rule }, { before: null, after: TARGET }))).to.deep.equal([
      "Events on the schedule `rate(1 day)` now go to function `chat-dev-publish`, by event rule `chat-dev-publish`.",
    ]);
    expect(reported({ "aws_cloudwatch_event_target.publish": { before: null, after: TARGET } })).to.deep.equal([
      "Events of event rule `chat-dev-publish` on the default event bus now go to function `chat-dev-publish`.",
    ]);
  });

  it("distinguishes rules with the same name on two buses", () => {
    const other = { ...RULE, event_bus_name: "chat-dev-events", event_pattern: '{"source":["chat"]}' };
    const resources = {
      "aws_cloudwatch_event_rule.other": { before: other },
      ...withRule({ before: RULE }, { before: null, after: TARGET }),
    };
    expect(reported(resources)).to.deep.equal([`Events on the default event bus that match ${NOW}`]);
  });

  it("warns of a bus that is destroyed, and lists a renamed bus twice", () => {
    const gone = "*Event bus `chat-dev-events` is destroyed: its rules stop, and events that are sent to it are lost.*";
    expect(reported({ "aws_cloudwatch_event_bus.events": { before: BUS, after: null } })).to.deep.equal([gone]);
    const renamed = reported({ "aws_cloudwatch_event_bus.events": { before: BUS, after: { ...BUS, name: "other" } } });
    expect(renamed).to.have.length(2).and.include(gone);
  });

  it("lists the identities that may send events, and that may invoke the publisher and the review function", () => {
    const statement = (Action: string, Resource: string) =>
      JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] });
    const review = aReview({
      "aws_lambda_function.publish": PUBLISH,
      "aws_cloudwatch_event_bus.events": { before: null, after: BUS },
      "aws_iam_role.send": { before: { name: "chat-dev-sendmessage" } },
      "aws_iam_role_policy.send": {
        before: null,
        after: {
          role: "chat-dev-sendmessage",
          policy: statement("lambda:InvokeFunction", "arn:aws:lambda:eu-west-2:1:function:review"),
        },
      },
      "aws_iam_role.events": { before: { name: "chat-dev-events" } },
      "aws_iam_role_policy.events": {
        before: null,
        after: { role: "chat-dev-events", policy: statement("events:PutEvents", BUS.arn) },
      },
      "aws_lambda_permission.publish": {
        before: null,
        after: {
          ...{ function_name: "chat-dev-publish", action: "lambda:InvokeFunction" },
          principal: "events.amazonaws.com",
          source_arn: "arn:aws:events:eu-west-2:1:rule/chat-dev-publish",
        },
      },
    });
    const gained = sectionsOf(review).find(({ title }) => title === "Permissions gained");
    expect(gained?.sentences.map(textOf)).to.deep.equal([
      "Role `chat-dev-events` may now `events:PutEvents` on event bus `chat-dev-events`.",
      "Role `chat-dev-sendmessage` may now `lambda:InvokeFunction` on `arn:aws:lambda:eu-west-2:1:function:review`.",
      "Service `events.amazonaws.com` may now `lambda:InvokeFunction` on function `chat-dev-publish`, only from `arn:aws:events:eu-west-2:1:rule/chat-dev-publish`.",
    ]);
    const titles = sectionsOf(review).map(({ title }) => title);
    expect(titles).to.include("Events");
    expect(sectionsOf(aReview({})).map(({ title }) => title)).to.not.include("Events");
  });
});
