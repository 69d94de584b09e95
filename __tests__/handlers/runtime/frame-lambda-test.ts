import { expect } from "chai";
import sinon, { type SinonStub } from "sinon";
import * as v from "valibot";
import type { FrameHandler } from "../../../chat/use-cases/use-case.ts";
import { pushReplyLambda, routeResponseLambda } from "../../../handlers/runtime/frame-lambda.ts";
import type { LambdaContext, RouteEvent, RouteResult } from "../../../handlers/runtime/lambda.ts";
import { aContext, anEvent, NOON } from "../../support/builders.ts";
import { captureLogs } from "../../support/captured-logs.ts";
import { aChat, type Chat } from "../../support/chat.ts";

const Greeting = v.object({ name: v.string() });
const ack = { type: "ack", request: "greet" } as const;

describe("handlers/runtime/frame-lambda", () => {
  const log = captureLogs();

  type Boundary = (
    schema: typeof Greeting,
    handle: FrameHandler<v.InferOutput<typeof Greeting>, Chat>,
    chat: Chat,
  ) => (event: RouteEvent, context: LambdaContext) => Promise<RouteResult>;

  /** Both boundaries, and where their replies go. */
  const boundaries: Record<
    string,
    { boundary: Boundary; replies: (result: RouteResult, heard: unknown[]) => unknown[] }
  > = {
    routeResponseLambda: {
      boundary: routeResponseLambda,
      replies: ({ body }) => (body ? [JSON.parse(body)] : []),
    },
    pushReplyLambda: { boundary: pushReplyLambda, replies: (_, heard) => heard },
  };

  for (const [which, { boundary, replies }] of Object.entries(boundaries)) {
    describe(which, () => {
      async function greet(handle: SinonStub, body = '{"name":"anna","more":1}') {
        const chat = aChat();
        const { id: connectionId } = await chat.enter({ id: "c" });
        const result = await boundary(
          Greeting,
          handle,
          chat,
        )(anEvent({ routeKey: "greet", connectionId, body }), aContext());
        return { chat, result, replied: replies(result, chat.received({ id: "c" })) };
      }

      it("passes the parsed frame and the stored connection to the use case", async () => {
        const handle = sinon.stub().resolves({ reply: ack, facts: { greeted: 1 } });
        const { chat, replied } = await greet(handle);
        const connected = await chat.stored({ id: "c" });
        expect(handle.args[0]?.[1]).to.deep.include({ connected, route: "greet", frame: { name: "anna" } });
        expect(replied).to.deep.equal([ack]);
        expect(log.info.args[0]?.[0]).to.include({ greeted: 1 });
      });

      it("sends an error with the frame's id for an invalid frame, and does not run the use case", async () => {
        const handle = sinon.stub();
        const { replied } = await greet(handle, '{"id":"g-1"}');
        const [frame] = replied as [Record<string, unknown>];
        expect(frame).to.include({ type: "error", code: "malformed-frame", request: "greet", id: "g-1" });
        expect(handle.called).to.equal(false);
        expect(log.info.args[0]?.[0]).to.include({ refused: "malformed-frame" });
      });

      it("sends the error if the use case refuses a frame", async () => {
        const refusal = { code: "not-a-member", detail: "You are not there." };
        const { replied } = await greet(sinon.stub().resolves({ refusal }));
        expect(replied).to.deep.equal([{ type: "error", ...refusal, request: "greet" }]);
      });

      it("tells a connection that is no longer stored to reconnect", async () => {
        const chat = aChat();
        const handle = sinon.stub();
        const event = anEvent({ routeKey: "greet", connectionId: "lost", body: '{"name":"anna"}' });
        const result = await boundary(Greeting, handle, chat)(event, aContext());
        const [frame] = replies(result, chat.received({ id: "lost" })) as [Record<string, unknown>];
        expect(frame).to.include({ code: "reconnect" });
        expect(handle.called).to.equal(false);
      });

      it("closes a connection whose token has expired, and does not run the use case", async () => {
        const chat = aChat();
        const { id: connectionId } = await chat.enter({ groups: [], expiresAt: NOON });
        const handle = sinon.stub();
        const event = anEvent({ routeKey: "greet", connectionId, body: '{"name":"anna"}' });
        await boundary(Greeting, handle, chat)(event, aContext());
        expect(chat.closed).to.deep.equal([connectionId]);
        expect(handle.called).to.equal(false);
        expect(log.info.args[0]?.[0]).to.include({ refused: "token-expired" });
      });

      it("sends an error without details for a fault, answers 500 and logs the fault once", async () => {
        const { result, replied } = await greet(sinon.stub().rejects(new Error("secret-table is away")));
        expect(result.statusCode).to.equal(500);
        const [frame] = replied as [Record<string, unknown>];
        expect(frame).to.include({ type: "error", code: "internal" });
        expect(JSON.stringify(replied)).not.to.include("secret-table");
        expect(log.error.callCount).to.equal(1);
        expect(log.error.args[0]?.[0].fault).to.include("secret-table is away");
      });
    });
  }

  it("warns a connection once that it exceeds the rate, then closes it, and handles neither frame", async () => {
    let now = NOON;
    const chat = aChat({ messageRate: { perSecond: 1, burst: 2 }, now: () => now++ });
    const { id: connectionId } = await chat.enter();
    const identity = { sourceIp: "192.0.2.1" };
    const handle = sinon.stub().resolves({ reply: ack });
    const greet = routeResponseLambda(Greeting, handle, chat);
    const codes: unknown[] = [];
    for (let sent = 0; sent < 4; sent += 1) {
      const { body = "" } = await greet(anEvent({ connectionId, identity, body: '{"name":"anna"}' }), aContext());
      codes.push(JSON.parse(body).code);
      if (sent === 2) expect(chat.closed).to.deep.equal([]);
    }
    expect(codes).to.deep.equal([undefined, undefined, "too-many-messages", "too-many-messages"]);
    expect(chat.closed).to.deep.equal([connectionId]);
    expect(handle.callCount).to.equal(2);
  });

  it("pushes nothing if there is no reply", async () => {
    const chat = aChat();
    const { id: connectionId } = await chat.enter();
    const boundary = pushReplyLambda(Greeting, async () => ({}), chat);
    expect(await boundary(anEvent({ connectionId, body: '{"name":"anna"}' }), aContext())).to.deep.equal({
      statusCode: 200,
    });
    expect(chat.received({ id: connectionId })).to.deep.equal([]);
  });

  it("logs the first fault if the error cannot be pushed either", async () => {
    const chat = aChat();
    const { id: connectionId } = await chat.enter();
    const handle = sinon.stub().rejects(new Error("the table is unavailable"));
    chat.setPushOutcome({ id: connectionId }, async () => ({ failed: "ECONNRESET" }));
    await pushReplyLambda(Greeting, handle, chat)(anEvent({ connectionId, body: '{"name":"anna"}' }), aContext());
    expect(log.error.callCount).to.equal(1);
    expect(log.error.args[0]?.[0].fault).to.include("the table is unavailable");
  });
});
