import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { LOBBY } from "../../../chat/channel.ts";
import { publishLambda } from "../../../handlers/runtime/publish-lambda.ts";
import { aContext } from "../../support/builders.ts";
import { captureLogs } from "../../support/captured-logs.ts";
import { aChat } from "../../support/chat.ts";

const SECRET = "the text of a message";

describe("handlers/runtime/publish-lambda", () => {
  const logs = captureLogs();
  const aLambda = (own: object = {}) => {
    const chat = aChat({ now: Date.now, ...own });
    const handler = publishLambda({ ...chat, publishRules: { channels: "any", users: false }, ...own });
    return { chat, run: (event: unknown) => handler(event, { ...aContext(), getRemainingTimeInMillis: () => 50_000 }) };
  };
  const message = { channel: LOBBY, data: SECRET, id: "d-1" };
  const anEvent = (detail: unknown) => ({ source: "acme.ci", "detail-type": "Build", detail });

  it("returns the outcomes of a direct invocation, and logs counts without the text", async () => {
    const { chat, run } = aLambda();
    await chat.channels.open(LOBBY);
    const result = await run({ messages: [message, { ...message, channel: "Ops" }] });
    expect(result).to.have.nested.property("outcomes[0].messageId");
    expect(result).to.have.nested.property("outcomes[1].error.code", "malformed-message");
    expect(logs.info.args[0]?.[0]).to.include({ messages: 2, sent: 1, "malformed-message": 1 });
    expect(JSON.stringify(logs.info.args)).not.to.include(SECRET);
  });

  it("refuses a request that is not a batch of 1 to 100 messages, and names unknown fields", async () => {
    const { run } = aLambda();
    const rule = '"messages" must be an array of 1 to 100 messages.';
    for (const [event, text] of [
      [{}, '"messages" is missing.'],
      [{ messages: "hi" }, rule],
      [{ messages: [] }, rule],
      [{ messages: Array.from({ length: 101 }, () => message) }, rule],
      [{ messages: [message], colour: "red" }, '"colour" is unknown. Allowed fields: messages.'],
      [[message], "The value is an array; it must be an object."],
    ] as const) {
      expect(await run(event), text).to.deep.equal({ error: { code: "malformed-request", message: text } });
    }
  });

  it("publishes the detail of an event of EventBridge, and fails if a message was not sent", async () => {
    const { chat, run } = aLambda();
    await chat.channels.open(LOBBY);
    const member = await chat.enter({ connectedAt: Date.now() });
    await run(anEvent({ messages: [message] }));
    expect(chat.received(member)).to.deep.equal([SECRET]);
    const fault = await rejection(run(anEvent({ messages: [message, { ...message, channel: "plans" }] })));
    expect(fault).to.include("1 of 2 messages were not sent: unknown-channel. A retry has the same result");
    expect(await rejection(run(anEvent("hi")))).to.include("it must be an object");
  });

  it("logs the fault of a message, counts it, and returns its outcome", async () => {
    const broken = { store: () => Promise.reject(new Error("no table")), block: async () => true };
    const { run, chat } = aLambda({ messages: broken });
    await chat.channels.open(LOBBY);
    expect(await run({ messages: [message] })).to.have.nested.property("outcomes[0].error.code", "failed");
    expect(logs.metrics.count.args).to.deep.include(["Faults"]);
    expect(JSON.stringify(logs.error.args)).to.include("no table");
    expect(JSON.stringify(logs.error.args)).not.to.include(SECRET);
    expect(await rejection(run(anEvent({ messages: [message] })))).to.include("Lambda retries the event.");
  });
});
