import { expect } from "chai";
import sinon, { type SinonStub } from "sinon";
import * as v from "valibot";
import { frameLambda, lambda } from "../../handlers/lambda.ts";
import { anEvent } from "../support/builders.ts";

describe("handlers/lambda", () => {
  let info: SinonStub;
  let error: SinonStub;
  beforeEach(() => {
    info = sinon.stub(console, "info");
    error = sinon.stub(console, "error");
  });
  afterEach(() => sinon.restore());

  describe("lambda", () => {
    it("hands the handler its ports, the connection, the route and the body", async () => {
      const handle = sinon.stub().resolves({});
      const event = anEvent({ routeKey: "ask", connectionId: "c", connectedAt: 7, body: "hi" });

      await lambda(handle, { port: 1 })(event);

      expect(handle.args).to.deep.equal([
        [{ port: 1 }, { connection: { id: "c", connectedAt: 7 }, route: "ask", body: "hi" }],
      ]);
    });

    it("answers 200, with a body only where the handler has an answer", async () => {
      expect(await lambda(async () => ({}), {})(anEvent())).to.deep.equal({ statusCode: 200 });
      expect(await lambda(async () => ({ answer: "" }), {})(anEvent())).to.deep.equal({ statusCode: 200, body: "" });
    });

    it("answers 400 to an empty connection id, without calling the handler", async () => {
      const handle = sinon.stub();
      expect(await lambda(handle, {})(anEvent({ connectionId: "" }))).to.deep.equal({ statusCode: 400 });
      expect(handle.called).to.equal(false);
    });

    it("logs one line of facts, and never the body", async () => {
      await lambda(
        async () => ({ facts: { tally: 3 } }),
        {},
      )(anEvent({ routeKey: "ask", requestId: "r", connectionId: "c", body: "a secret" }));

      const [[line]] = info.args as [[Record<string, unknown>]];
      expect(line).to.deep.include({ route: "ask", requestId: "r", connectionId: "c", tally: 3 });
      expect(info.callCount + error.callCount).to.equal(1);
      expect(JSON.stringify(line)).not.to.include("a secret");
    });

    it("answers 500 to a fault and logs it once, with its stack", async () => {
      const failing = async () => {
        throw new Error("the table is away");
      };

      expect(await lambda(failing, {})(anEvent({ connectionId: "c" }))).to.deep.equal({ statusCode: 500 });

      const [[line]] = error.args as [[Record<string, unknown>]];
      expect(line).to.deep.include({ connectionId: "c" });
      expect(line.fault).to.match(/^Error: the table is away\n +at failing/);
      expect(info.callCount + error.callCount).to.equal(1);
    });
  });

  describe("frameLambda", () => {
    const Greeting = v.object({ name: v.string() });
    const said = (push: SinonStub) => push.args.map(([id, frame]) => [id, JSON.parse(frame)]);

    it("hands the handler the frame that the schema reads", async () => {
      const push = sinon.stub();
      const handle = sinon.stub().resolves({});

      await frameLambda(Greeting, handle, { push })(anEvent({ body: '{"name":"anna","more":1}' }));

      expect(handle.args[0]?.[1].frame).to.deep.equal({ name: "anna" });
      expect(push.called).to.equal(false);
    });

    it("tells the sender what is wrong with a frame, and calls no handler", async () => {
      const push = sinon.stub().resolves("delivered");
      const handle = sinon.stub();
      const event = anEvent({ routeKey: "greet", connectionId: "c", body: "{" });

      expect(await frameLambda(Greeting, handle, { push })(event)).to.deep.equal({ statusCode: 200 });

      const frame = { type: "error", code: "malformed-frame", detail: "The frame is not JSON.", request: "greet" };
      expect(said(push)).to.deep.equal([["c", frame]]);
      expect(handle.called).to.equal(false);
      expect(info.args[0]?.[0]).to.deep.include({ refused: "malformed-frame" });
    });

    it("tells the sender of a fault without its text, answers 500 and logs it once", async () => {
      const push = sinon.stub().resolves("delivered");
      const handle = sinon.stub().rejects(new Error("secret-table is away"));

      const result = await frameLambda(Greeting, handle, { push })(anEvent({ body: '{"name":"anna"}' }));

      expect(result).to.deep.equal({ statusCode: 500 });
      expect(said(push)[0]?.[1]).to.deep.include({ type: "error", code: "internal" });
      expect(JSON.stringify(push.args)).not.to.include("secret-table");
      expect(error.callCount).to.equal(1);
      expect(error.args[0]?.[0].fault).to.include("secret-table is away");
    });

    it("reports the first fault when the sender cannot be told either", async () => {
      const push = sinon.stub().rejects(new Error("the push failed too"));
      const handle = sinon.stub().rejects(new Error("the table is away"));

      await frameLambda(Greeting, handle, { push })(anEvent({ body: '{"name":"anna"}' }));

      expect(error.callCount).to.equal(1);
      expect(error.args[0]?.[0].fault).to.include("the table is away");
    });
  });
});
