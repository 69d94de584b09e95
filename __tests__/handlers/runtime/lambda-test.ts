import { expect } from "chai";
import sinon from "sinon";
import { inBackground } from "../../../aws/background.ts";
import { AnsweredFault, lambda } from "../../../handlers/runtime/lambda.ts";
import { aContext, anEvent, NOBODY } from "../../support/builders.ts";
import { captureLogs } from "../../support/captured-logs.ts";

describe("handlers/runtime/lambda", () => {
  const log = captureLogs();

  it("passes the ports, the connection, the route, the body, the time of receipt and the deadline", async () => {
    const handle = sinon.stub().resolves({});
    const event = anEvent({ routeKey: "ask", connectionId: "c", connectedAt: 7, requestTimeEpoch: 9, body: "hi" });

    sinon.useFakeTimers(1_000);

    await lambda(handle, { port: 1 })(event, aContext());

    const connection = { id: "c", connectedAt: 7 };
    const times = { receivedAt: 9, deadline: 31_000 };
    expect(handle.args).to.deep.equal([
      [{ port: 1 }, { connection, route: "ask", body: "hi", ...times, headers: {}, caller: NOBODY }],
    ]);
  });

  it("answers 200, with a body only if the handler returns one", async () => {
    expect(await lambda(async () => ({}), {})(anEvent(), aContext())).to.deep.equal({ statusCode: 200 });
    expect(await lambda(async () => ({ body: "" }), {})(anEvent(), aContext())).to.deep.equal({
      statusCode: 200,
      body: "",
    });
  });

  it("finishes work in the background before it answers, and logs its fault without failing", async () => {
    const order: string[] = [];
    const work = async () => {
      await new Promise(setImmediate);
      order.push("finished");
      throw new Error("lost");
    };
    const answer = await lambda(async () => {
      inBackground(work());
      return {};
    }, {})(anEvent(), aContext());
    order.push("answered");
    expect([answer, order]).to.deep.equal([{ statusCode: 200 }, ["finished", "answered"]]);
    expect(log.error.lastCall.args[0]).to.include({ fault: "Error: lost" });
  });

  it("passes the headers with names in lower case, and answers with the subprotocol", async () => {
    const handle = sinon.stub().resolves({ subprotocol: "chat.v1" });
    const event = anEvent({ headers: { "Sec-WebSocket-Protocol": "chat.v1" } });
    expect(await lambda(handle, {})(event, aContext())).to.deep.equal({
      statusCode: 200,
      headers: { "Sec-WebSocket-Protocol": "chat.v1" },
    });
    expect(handle.args[0]?.[1].headers).to.deep.equal({ "sec-websocket-protocol": "chat.v1" });
  });

  it("passes the caller's context and identity, and answers with the status of a refusal", async () => {
    const handle = sinon.stub().resolves({ refusedWith: 403 });
    const caller = { authorizer: { user: "anna" }, identity: { sourceIp: "127.0.0.1" } };
    expect(await lambda(handle, {})(anEvent({ ...caller }), aContext())).to.deep.equal({ statusCode: 403 });
    expect(handle.args[0]?.[1].caller).to.deep.equal(caller);
  });

  it("answers 400 to an empty connection id, without calling the handler", async () => {
    const handle = sinon.stub();
    expect(await lambda(handle, {})(anEvent({ connectionId: "" }), aContext())).to.deep.equal({ statusCode: 400 });
    expect(handle.called).to.equal(false);
  });

  it("logs one line of facts, and never the body", async () => {
    await lambda(async () => ({ facts: { tally: 3 } }), {})(
      anEvent({ routeKey: "ask", requestId: "r", connectionId: "c", body: "a secret" }),
      aContext(),
    );

    const [[line]] = log.info.args as [[Record<string, unknown>]];
    expect(line).to.deep.include({ route: "ask", requestId: "r", connectionId: "c", tally: 3 });
    expect(log.info.callCount + log.error.callCount).to.equal(1);
    expect(JSON.stringify(line)).not.to.include("a secret");
  });

  it("answers 500 to a fault and logs it once, with its stack", async () => {
    const failing = async () => {
      throw new Error("the table is unavailable");
    };

    expect(await lambda(failing, {})(anEvent({ connectionId: "c" }), aContext())).to.deep.equal({ statusCode: 500 });

    const [[line]] = log.error.args as [[Record<string, unknown>]];
    expect(line).to.deep.include({ connectionId: "c" });
    expect(line.fault).to.match(/^Error: the table is unavailable\n +at failing/);
    expect(log.info.callCount + log.error.callCount).to.equal(1);
  });

  it("answers a fault with the body that the handler chose, and logs the fault", async () => {
    const failing = async () => {
      throw new AnsweredFault(new Error("the table is unavailable"), "sorry");
    };
    expect(await lambda(failing, {})(anEvent(), aContext())).to.deep.equal({ statusCode: 500, body: "sorry" });
    expect(log.error.args[0]?.[0].fault).to.match(/^Error: the table is unavailable\n +at failing/);
  });

  it("counts a fault, and writes the metrics in any case", async () => {
    await lambda(async () => ({}), {})(anEvent(), aContext());
    await lambda(() => Promise.reject(new Error("no")), {})(anEvent(), aContext());
    expect(log.metrics.count.args).to.deep.equal([["Faults"]]);
    expect(log.metrics.write.callCount).to.equal(2);
  });
});
