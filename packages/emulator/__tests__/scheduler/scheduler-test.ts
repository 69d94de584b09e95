import { expect } from "chai";
import type { EmulatorEvent } from "../../src/inspector/events.ts";
import type { LogEntry } from "../../src/lambda/log.ts";
import { type Emulator, start } from "../../src/start.ts";
import { fixtureStack } from "../../src/testing/fixture-stack.ts";
import { ManualClock } from "../../src/testing/manual-clock.ts";
import { rejection } from "../support/rejection.ts";

const DAY = 24 * 60 * 60 * 1000;

const GROUP = "$" + "{aws_scheduler_schedule_group.ops.arn}";

interface Own {
  readonly rights?: readonly string[];
  readonly trust?: object;
  readonly schedule?: object;
  readonly target?: object;
}

/** A stack with a function that logs its event, and a schedule for it. */
const scheduled = ({ rights = ["lambda:InvokeFunction"], trust, schedule, target }: Own = {}): string => {
  const trusted = {
    Effect: "Allow",
    Principal: { Service: "scheduler.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceArn": GROUP, "aws:SourceAccount": "000000000000" } },
  };
  const arn = "$" + "{aws_lambda_function.work.arn}";
  return fixtureStack({
    resources: {
      aws_lambda_function: { work: WORK },
      aws_iam_role: {
        work: { name: "work", assume_role_policy: "{}" },
        schedule: {
          name: "schedule",
          assume_role_policy: JSON.stringify({ Statement: [{ ...trusted, ...trust }] }),
          inline_policy: [
            {
              name: "own",
              policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: rights, Resource: arn }] }),
            },
          ],
        },
      },
      aws_scheduler_schedule_group: { ops: { name: "ops" } },
      aws_scheduler_schedule: {
        daily: {
          name: "daily",
          group_name: "$" + "{aws_scheduler_schedule_group.ops.name}",
          schedule_expression: "rate(30 days)",
          flexible_time_window: { mode: "OFF" },
          target: { arn, role_arn: "$" + "{aws_iam_role.schedule.arn}", input: '{"action":"rotate"}', ...target },
          ...schedule,
        },
      },
    },
    archives: { work: "export const handler = async (event) => console.info(event);" },
  });
};

const WORK = {
  function_name: "work",
  role: "$" + "{aws_iam_role.work.arn}",
  handler: "index.handler",
  filename: "work.zip",
  logging_config: { log_format: "JSON" },
};

describe("scheduler", () => {
  let emulator: Emulator | undefined;
  let clock: ManualClock;
  let logged: LogEntry[];
  let observed: EmulatorEvent[];
  afterEach(() => emulator?.stop());

  const startEmulator = async (own: Own = {}): Promise<Emulator> => {
    clock = new ManualClock();
    logged = [];
    observed = [];
    emulator = await start({
      stackDirectory: scheduled(own),
      clock,
      log: (entry) => void logged.push(entry),
      inspector: true,
      observe: (event) => void observed.push(event),
    });
    return emulator;
  };
  const messagesOf = (source: string): unknown[] =>
    logged.filter((entry) => entry.source === source).map(({ message }) => message);
  /** The events that the function received, after this number of runs. */
  const received = async (times: number): Promise<unknown[]> => {
    while (messagesOf("work").length < times) await new Promise((resolve) => setTimeout(resolve, 10));
    return messagesOf("work");
  };

  it("invokes the function with the input after each interval", async () => {
    await startEmulator();
    clock.advance(30 * DAY - 1);
    expect(messagesOf("work")).to.deep.equal([]);
    clock.advance(30 * DAY + 1);
    expect(await received(2)).to.deep.equal([{ action: "rotate" }, { action: "rotate" }]);
  });

  it("invokes the function once after a pause of several intervals, such as the sleep of a computer", async () => {
    let slept = 0;
    const awake = new ManualClock();
    const asleep = { ...awake, now: () => awake.now() + slept };
    logged = [];
    emulator = await start({ stackDirectory: scheduled(), clock: asleep, log: (entry) => void logged.push(entry) });
    slept = 95 * DAY;
    awake.advance(30 * DAY);
    await received(1);
    awake.advance(24 * DAY);
    expect(messagesOf("work")).to.have.length(1);
    awake.advance(DAY);
    expect(await received(2)).to.have.length(2);
  });

  it("invokes the function at once through `schedules`", async () => {
    const { schedules } = await startEmulator();
    schedules.get("daily")?.();
    expect(await received(1)).to.deep.equal([{ action: "rotate" }]);
  });

  it("invokes the function at once for the inspector page, and notifies observers", async () => {
    const { inspectorUrl } = await startEmulator({ schedule: { state: "DISABLED" } });
    const run = (schedule: string) =>
      fetch(`${inspectorUrl}/run`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ schedule }),
      });
    expect((await run("daily")).status).to.equal(200);
    expect(await received(1)).to.deep.equal([{ action: "rotate" }]);
    expect(observed.find(({ kind }) => kind === "scheduled")).to.deep.equal({ kind: "scheduled", name: "daily" });
    expect((await run("hourly")).status).to.equal(404);
  });

  it("does not invoke the function if the schedule is disabled", async () => {
    await startEmulator({ schedule: { state: "DISABLED" } });
    clock.advance(60 * DAY);
    expect([...messagesOf("work"), ...messagesOf("emulator")]).to.deep.equal([]);
  });

  it("does not invoke the function if the role lacks the permission, and reports the missing permission", async () => {
    await startEmulator({ rights: ["lambda:GetFunction"] });
    clock.advance(30 * DAY);
    expect(messagesOf("emulator").join()).to.match(
      /^aws_iam_role\.schedule is not allowed to perform lambda:InvokeFunction on .*function:work\. /,
    );
  });

  for (const [what, own, message] of [
    [
      "a role that trusts another service",
      { trust: { Principal: { Service: "lambda.amazonaws.com" } } },
      "does not allow sts:AssumeRole to scheduler.amazonaws.com",
    ],
    [
      "a role that trusts another schedule group",
      { trust: { Condition: { StringEquals: { "aws:SourceArn": "arn:aws:scheduler:x" } } } },
      "for the group ops",
    ],
    ["a cron expression", { schedule: { schedule_expression: "cron(0 8 * * ? *)" } }, "such as rate(30 days)"],
    [
      "an input that is not JSON",
      { target: { input: "rotate" } },
      "The attribute target.input of aws_scheduler_schedule.daily is not valid JSON",
    ],
    ["a target of another kind", { target: { sqs_parameters: {} } }, 'does not support "sqs_parameters" in the target'],
    [
      "a function that is not in the stack",
      { target: { arn: "arn:aws:lambda:eu-west-2:000000000000:function:gone" } },
      "refers to an aws_lambda_function that is not in the stack",
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      expect(await rejection(startEmulator(own))).to.include(message);
      emulator = undefined;
    });
  }
});
