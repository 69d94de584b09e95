import { expect } from "chai";
import { AsynchronousEvents } from "../../src/lambda/asynchronous.ts";
import type { Invocation } from "../../src/lambda/execution-environment.ts";
import type { FunctionConfig } from "../../src/terraform/functions.ts";
import { aFunctionConfig } from "../support/lambda.ts";

const DESTINATION = "arn:aws:sqs:eu-west-2:000000000000:failed";
const ERROR: Invocation = { error: { errorType: "Error", errorMessage: "no", trace: [] } };
const THROTTLED: Invocation = { throttled: true };
const START = Date.UTC(2026, 8, 1);

type Own = Partial<FunctionConfig["asynchronous"]> & Pick<FunctionConfig, "reservedConcurrency">;

describe("lambda/asynchronous", () => {
  /** Plays one event to its end. The attempts come to these outcomes in turn, the last for ever; waiting takes no time. */
  async function play(outcomes: readonly [Invocation, ...Invocation[]], { reservedConcurrency, ...own }: Own = {}) {
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

  it("runs an event once when it succeeds, and tells nobody who did not ask", async () => {
    expect(await play([{ payload: 1 }])).to.deep.equal({ attempts: ["request-1"], waits: [], deliveries: [] });
  });

  it("tells the destination of a success", async () => {
    const { deliveries } = await play([{ payload: { a: 1 } }], { onSuccess: DESTINATION });
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

  it("retries an error twice under the same request id, then tells the destination of failures", async () => {
    const { attempts, waits, deliveries } = await play([ERROR]);
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

  it("retries as often as it is told", async () => {
    expect((await play([ERROR], { retriesMax: 0 })).attempts).to.have.length(1);
    expect((await play([ERROR], { retriesMax: 1 })).attempts).to.have.length(2);
  });

  it("stops at the attempt that succeeds", async () => {
    const { attempts, deliveries } = await play([ERROR, { payload: 1 }]);
    expect(attempts).to.have.length(2);
    expect(deliveries).to.deep.equal([]);
  });

  it("tries a throttled event again and again, more and more seldom, until it is too old", async () => {
    const { waits, deliveries } = await play([THROTTLED], { ageSecondsMax: 1_000 });
    expect(waits.map((milliseconds) => milliseconds / 1000)).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
    expect(deliveries).to.have.nested.property("[0][1].requestContext.condition", "EventAgeExceeded");
    expect(deliveries).to.have.nested.property("[0][1].requestContext.approximateInvokeCount", 0);
    expect(deliveries[0]?.[1]).not.to.have.any.keys("responseContext", "responsePayload");
  });

  it("does not count a throttled attempt as a retry", async () => {
    expect((await play([THROTTLED, ERROR])).attempts).to.have.length(4);
  });

  it("gives an event up at once when nothing is reserved for its function", async () => {
    const { waits, deliveries } = await play([THROTTLED], { reservedConcurrency: 0 });
    expect(waits).to.deep.equal([]);
    expect(deliveries).to.have.nested.property("[0][1].requestContext.condition", "ZeroReservedConcurrency");
  });

  it("puts the event itself into the dead-letter queue, with its error beside it", async () => {
    const { deliveries } = await play([ERROR], { onFailure: undefined, deadLetterTarget: DESTINATION });
    expect(deliveries).to.deep.equal([
      [DESTINATION, { order: 1 }, { RequestID: "request-1", ErrorCode: "200", ErrorMessage: "no" }],
    ]);
  });

  it("gives up what waits when it is stopped, and takes nothing more", async () => {
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
