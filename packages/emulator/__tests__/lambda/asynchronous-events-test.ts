import { expect } from "chai";
import { AsynchronousEvents } from "../../src/lambda/asynchronous-events.ts";
import type { Invocation } from "../../src/lambda/execution-environment.ts";
import type { FunctionConfig } from "../../src/terraform/functions.ts";
import { aFunctionConfig } from "../support/lambda.ts";

const DESTINATION = "arn:aws:sqs:eu-west-2:000000000000:failed";
const ERROR: Invocation = { error: { errorType: "Error", errorMessage: "no", trace: [] } };
const THROTTLED: Invocation = { throttled: true };
const START = Date.UTC(2026, 8, 1);

type Own = Partial<FunctionConfig["asynchronous"]> & Pick<FunctionConfig, "reservedConcurrency">;

describe("lambda/asynchronous-events", () => {
  /** Processes one event to its end. The attempts have these outcomes in turn; the last one repeats. Waiting takes no time. */
  async function processed(
    outcomes: readonly [Invocation, ...Invocation[]],
    { reservedConcurrency, ...own }: Own = {},
  ) {
    const asynchronous = { retriesMax: 2, ageSecondsMax: 21_600, onFailure: DESTINATION, ...own };
    const attempts: string[] = [];
    const waits: number[] = [];
    const deliveries: unknown[][] = [];
    let now = START;
    await new Promise<void>((resolve) => {
      const events = new AsynchronousEvents(aFunctionConfig({ asynchronous, reservedConcurrency }), {
        invoke: async (_, requestId) => {
          const outcome = outcomes[Math.min(attempts.push(requestId), outcomes.length) - 1] as Invocation;
          if ("payload" in outcome) setImmediate(resolve);
          return outcome;
        },
        deliver: (...delivery) => deliveries.push(delivery),
        warn: () => setImmediate(resolve),
        now: () => now,
        wait: async (milliseconds) => {
          waits.push(milliseconds);
          now += milliseconds;
        },
      });
      events.accept({ order: 1 }, "request-1");
    });
    return { attempts, waits, deliveries };
  }

  it("runs an event once if it succeeds, and delivers no record without a destination", async () => {
    expect(await processed([{ payload: 1 }])).to.deep.equal({ attempts: ["request-1"], waits: [], deliveries: [] });
  });

  it("delivers the record of a success to its destination", async () => {
    const { deliveries } = await processed([{ payload: { a: 1 } }], { onSuccess: DESTINATION });
    expect(deliveries).to.deep.equal([
      [
        DESTINATION,
        {
          version: "1.0",
          timestamp: "2026-09-01T00:00:00.000Z",
          requestContext: {
            requestId: "request-1",
            functionArn: "arn:aws:lambda:eu-west-2:000000000000:function:fixture:$LATEST",
            condition: "Success",
            approximateInvokeCount: 1,
          },
          requestPayload: { order: 1 },
          responseContext: { statusCode: 200, executedVersion: "$LATEST" },
          responsePayload: { a: 1 },
        },
      ],
    ]);
  });

  it("retries an error twice with the same request id, then delivers the record of the failure", async () => {
    const { attempts, waits, deliveries } = await processed([ERROR]);
    expect(attempts).to.deep.equal(["request-1", "request-1", "request-1"]);
    expect(waits).to.deep.equal([1_000, 2_000]);
    expect(deliveries).to.deep.equal([
      [
        DESTINATION,
        {
          version: "1.0",
          timestamp: "2026-09-01T00:00:03.000Z",
          requestContext: {
            requestId: "request-1",
            functionArn: "arn:aws:lambda:eu-west-2:000000000000:function:fixture:$LATEST",
            condition: "RetriesExhausted",
            approximateInvokeCount: 3,
          },
          requestPayload: { order: 1 },
          responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
          responsePayload: { errorType: "Error", errorMessage: "no", trace: [] },
        },
      ],
    ]);
  });

  it("retries as often as the configuration says", async () => {
    expect((await processed([ERROR], { retriesMax: 0 })).attempts).to.have.length(1);
    expect((await processed([ERROR], { retriesMax: 1 })).attempts).to.have.length(2);
  });

  it("does not retry after a success", async () => {
    const { attempts, deliveries } = await processed([ERROR, { payload: 1 }]);
    expect(attempts).to.have.length(2);
    expect(deliveries).to.deep.equal([]);
  });

  it("retries a throttled event with exponential backoff until it exceeds the maximum age", async () => {
    const { waits, deliveries } = await processed([THROTTLED], { ageSecondsMax: 1_000 });
    expect(waits.map((milliseconds) => milliseconds / 1000)).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
    expect(deliveries).to.have.nested.property("[0][1].requestContext.condition", "EventAgeExceeded");
    expect(deliveries).to.have.nested.property("[0][1].requestContext.approximateInvokeCount", 0);
    expect(deliveries[0]?.[1]).not.to.have.any.keys("responseContext", "responsePayload");
  });

  it("does not count a throttled attempt as a retry", async () => {
    expect((await processed([THROTTLED, ERROR])).attempts).to.have.length(4);
  });

  it("does not retry if the reserved concurrency is 0", async () => {
    const { waits, deliveries } = await processed([THROTTLED], { reservedConcurrency: 0 });
    expect(waits).to.deep.equal([]);
    expect(deliveries).to.have.nested.property("[0][1].requestContext.condition", "ZeroReservedConcurrency");
  });

  it("sends the event to the dead-letter queue, with the error in the attributes", async () => {
    const { deliveries } = await processed([ERROR], { onFailure: undefined, deadLetterTarget: DESTINATION });
    expect(deliveries).to.deep.equal([
      [DESTINATION, { order: 1 }, { RequestID: "request-1", ErrorCode: "200", ErrorMessage: "no" }],
    ]);
  });

  it("discards waiting events when it stops, and accepts no more", async () => {
    const attempts: string[] = [];
    const events = new AsynchronousEvents(aFunctionConfig(), {
      invoke: async (_, requestId) => {
        attempts.push(requestId);
        return ERROR;
      },
      deliver: () => undefined,
      warn: () => undefined,
    });
    events.accept({}, "request-1");
    await new Promise((resolve) => setImmediate(resolve));
    await events.stop();
    events.accept({}, "request-2");
    expect(attempts).to.deep.equal(["request-1"]);
  });
});
