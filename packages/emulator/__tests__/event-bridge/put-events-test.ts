import aws4 from "aws4";
import { expect } from "chai";
import { eventBridgeService } from "../../src/event-bridge/put-events.ts";
import { createGuard } from "../../src/iam/guard.ts";
import { localCredentials } from "../../src/iam/principal.ts";
import type { LogEntry } from "../../src/lambda/log.ts";
import { type Emulator, start } from "../../src/start.ts";
import { readStack } from "../../src/terraform/stack.ts";
import { fixtureStack, reference } from "../../src/testing/fixture-stack.ts";
import { aws4Signed } from "../support/aws4-signed.ts";
import { aFunction } from "../support/principals.ts";
import { rejection } from "../support/rejection.ts";
import { until } from "../support/until.ts";

const BUS = "arn:aws:events:eu-west-2:000000000000:event-bus/chat";

interface Own {
  readonly rule?: object;
  readonly target?: object;
  readonly permission?: object;
  readonly resources?: object;
}

/** A stack with a bus, and a rule that invokes a function which logs its event. */
const routed = ({ rule, target, permission, resources }: Own = {}): string =>
  fixtureStack({
    resources: {
      aws_lambda_function: {
        work: {
          function_name: "work",
          role: reference("aws_iam_role.work.arn"),
          handler: "index.handler",
          filename: "work.zip",
          logging_config: { log_format: "JSON" },
        },
      },
      aws_iam_role: { work: { name: "work", assume_role_policy: "{}" } },
      aws_sqs_queue: { lost: { name: "lost" } },
      aws_cloudwatch_event_bus: { chat: { name: "chat" } },
      aws_cloudwatch_event_rule: {
        messages: {
          name: "messages",
          event_bus_name: reference("aws_cloudwatch_event_bus.chat.name"),
          event_pattern: JSON.stringify({ source: ["chat"], detail: { channel: [{ prefix: "ops" }] } }),
          ...rule,
        },
      },
      aws_cloudwatch_event_target: {
        work: {
          rule: reference("aws_cloudwatch_event_rule.messages.name"),
          event_bus_name: reference("aws_cloudwatch_event_bus.chat.name"),
          arn: reference("aws_lambda_function.work.arn"),
          dead_letter_config: { arn: reference("aws_sqs_queue.lost.arn") },
          ...target,
        },
      },
      aws_lambda_permission: {
        work: {
          function_name: "work",
          action: "lambda:InvokeFunction",
          principal: "events.amazonaws.com",
          source_arn: reference("aws_cloudwatch_event_rule.messages.arn"),
          ...permission,
        },
      },
      ...resources,
    },
    archives: { work: "export const handler = async (event) => console.info(event);" },
  });

const entry = (own: object = {}) => ({
  EventBusName: "chat",
  Source: "chat",
  DetailType: "message stored",
  Detail: JSON.stringify({ channel: "ops" }),
  ...own,
});

describe("event-bridge/put-events", () => {
  let emulator: Emulator | undefined;
  let logged: LogEntry[];
  afterEach(async () => {
    await emulator?.stop();
    emulator = undefined;
  });

  const startEmulator = async (own: Own = {}, options: { readonly iam?: boolean } = {}): Promise<Emulator> => {
    logged = [];
    emulator = await start({ stackDirectory: routed(own), log: (each) => void logged.push(each), ...options });
    return emulator;
  };
  const messagesOf = (source: string) => logged.filter((each) => each.source === source).map(({ message }) => message);
  const received = async (): Promise<readonly unknown[]> => {
    await until(() => messagesOf("work").length > 0);
    return messagesOf("work");
  };

  const call = async (body: object, operation = "PutEvents") => {
    const url = new URL(emulator?.endpointUrl ?? "");
    const { headers, ...signed } = aws4.sign(
      {
        ...{ method: "POST", path: "/", host: url.host, service: "events", region: "eu-west-2" },
        headers: { "X-Amz-Target": `AWSEvents.${operation}`, "Content-Type": "application/x-amz-json-1.1" },
        body: JSON.stringify(body),
      },
      localCredentials(),
    );
    const { host: _, Host: __, "Content-Length": ___, ...own } = headers as Record<string, string>;
    const response = await fetch(url, { method: "POST", headers: own, body: String(signed.body) });
    return { status: response.status, body: await response.json() };
  };
  const put = (...Entries: readonly object[]) => call({ Entries });

  it("invokes the function of a rule with an event that matches, in the format of EventBridge", async () => {
    await startEmulator();
    const { body } = await put(
      entry({ Detail: '{"channel":"lobby"}' }),
      entry({ Source: "other" }),
      entry({ EventBusName: "default" }),
      entry({ EventBusName: BUS, Time: 1_700_000_000, Resources: ["arn:a"] }),
    );
    expect(body.FailedEntryCount).to.equal(0);
    expect(await received()).to.deep.equal([
      {
        ...{ version: "0", id: body.Entries[3].EventId, source: "chat", "detail-type": "message stored" },
        ...{ account: "000000000000", region: "eu-west-2", time: "2023-11-14T22:13:20Z", resources: ["arn:a"] },
        detail: { channel: "ops" },
      },
    ]);
  });

  it("invokes the function of a rule of the default bus", async () => {
    await startEmulator({ rule: { event_bus_name: null }, target: { event_bus_name: null } });
    await put(entry({ EventBusName: undefined }));
    expect(await received()).to.have.length(1);
  });

  it("follows an update of the stack", async () => {
    const running = await startEmulator({ rule: { state: "DISABLED" } });
    await put(entry());
    const { changes } = await running.update(routed());
    expect(changes).to.deep.equal(["changed the event rule messages"]);
    const { body } = await put(entry());
    expect((await received()).map((event) => Object(event).id)).to.deep.equal([body.Entries[0].EventId]);
  });

  it("returns an error for each entry that EventBridge would not accept", async () => {
    await startEmulator();
    const { body } = await put(
      entry({ Source: undefined }),
      entry({ Source: "aws.ec2" }),
      entry({ Detail: "text" }),
      entry({ EventBusName: "gone" }),
      entry(),
    );
    expect([body.FailedEntryCount, body.Entries.map(({ ErrorCode = "none" }) => ErrorCode)]).to.deep.equal([
      4,
      ["InvalidArgument", "NotAuthorizedForSourceException", "MalformedDetail", "ResourceNotFoundException", "none"],
    ]);
    expect(messagesOf("emulator").join()).to.include("Event bus gone does not exist. The stack has default, chat.");
  });

  it("rejects requests with too many or too large entries, and other operations", async () => {
    await startEmulator();
    const eleven = await put(...Array.from({ length: 11 }, () => entry()));
    const large = await put(entry({ Detail: JSON.stringify({ text: "x".repeat(262_144) }) }));
    const other = await call({}, "PutRule");
    expect([eleven, large, other].map(({ status, body }) => [status, body.__type, body.message])).to.deep.equal([
      [400, "ValidationException", "The request has 11 Entries. It must have 1 to 10."],
      [
        400,
        "ValidationException",
        "Total size of the entries in the request is over the limit: 262173 bytes of 262144.",
      ],
      [
        400,
        "UnknownOperationException",
        "The emulator's EventBridge does not support the operation PutRule. It supports PutEvents.",
      ],
    ]);
  });

  it("sends an event to the dead-letter queue if no permission allows the invocation, and reports it", async () => {
    const source_arn = "arn:aws:events:eu-west-2:000000000000:rule/messages";
    const { queues } = await startEmulator({ permission: { source_arn } });
    await put(entry());
    const [message] = queues.get("lost")?.messages ?? [];
    expect(message?.attributes.ERROR_CODE).to.equal("NO_PERMISSIONS");
    expect(JSON.parse(message?.body ?? "").detail).to.deep.equal({ channel: "ops" });
    expect(messagesOf("emulator").join()).to.include(
      "aws_cloudwatch_event_rule.messages could not invoke arn:aws:lambda:eu-west-2:000000000000:function:work",
    );
  });

  it("needs no permission with --no-iam", async () => {
    await startEmulator({ permission: { principal: "apigateway.amazonaws.com" } }, { iam: false });
    await put(entry());
    expect(await received()).to.have.length(1);
  });

  it("requires events:PutEvents on each bus of the request", async () => {
    const caller = aFunction({ Effect: "Allow", Action: "events:PutEvents", Resource: BUS });
    const stack = await readStack(routed());
    const report = () => undefined;
    const guard = createGuard({
      ...{ service: "events", region: "eu-west-2", principals: [caller], report },
      now: Date.now,
    });
    const service = eventBridgeService({
      ...{ functions: new Map(), queues: new Map(), stack: () => stack, guard, iam: true, report, now: Date.now },
    });
    const sent = async (...Entries: readonly object[]) => {
      const request = aws4Signed(caller.credentials, {
        ...{ method: "POST", path: "/", service: "events", region: "eu-west-2" },
        headers: { "X-Amz-Target": "AWSEvents.PutEvents" },
        body: JSON.stringify({ Entries }),
      });
      const { status, body } = await service({ ...request, body: Buffer.from(String(request.body)) });
      return [status, JSON.parse(body).__type ?? "none"];
    };
    expect(await sent(entry())).to.deep.equal([200, "none"]);
    expect(await sent(entry(), entry({ EventBusName: "default" }))).to.deep.equal([400, "AccessDeniedException"]);
  });

  for (const [what, own, message] of [
    [
      "a pattern with an unknown operator",
      { rule: { event_pattern: '{"a":[{"cidr":"::/0"}]}' } },
      'the operator "cidr"',
    ],
    ["a rule without a pattern", { rule: { event_pattern: null } }, "The emulator supports only rules with one."],
    ["a rule of a missing bus", { rule: { event_bus_name: "gone" } }, "the event bus gone, which is not in the stack"],
    ["a target of a missing rule", { target: { rule: "gone" } }, "refers to the rule gone of the event bus chat"],
    [
      "a target with input",
      { target: { input: "{}" } },
      'does not support "input" of aws_cloudwatch_event_target.work',
    ],
    ["a target that is not a function", { target: { arn: reference("aws_sqs_queue.lost.arn") } }, "not in the stack"],
    [
      "a schedule expression",
      { rule: { schedule_expression: "rate(1 day)" } },
      "Use an aws_scheduler_schedule with a rate.",
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      expect(await rejection(startEmulator(own))).to.include(message);
    });
  }
});
