import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { LOBBY } from "../../../chat/channel.ts";
import type { UrlEvent, UrlResponse } from "../../../handlers/runtime/function-url.ts";
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
  const aRequest = ({ method = "POST", ...own }: { readonly method?: string } & Partial<UrlEvent> = {}): UrlEvent => ({
    rawPath: "/publish",
    headers: { "content-type": "application/json" },
    requestContext: { http: { method } },
    body: JSON.stringify({ messages: [message] }),
    isBase64Encoded: false,
    ...own,
  });
  const answerTo = async (event: UrlEvent, { run } = aLambda()) => {
    const { body, ...answer } = (await run(event)) as UrlResponse;
    return { ...answer, body: JSON.parse(body) };
  };

  it("returns the outcomes of a direct invocation, and logs counts without the text", async () => {
    const { chat, run } = aLambda();
    await chat.channels.open(LOBBY);
    const messages = [message, { ...message, channel: "Ops" }, { ...message, channel: "plans" }];
    const result = await run({ messages });
    expect(result).to.have.nested.property("outcomes[0].messageId");
    expect(result).to.have.nested.property("outcomes[1].error.code", "malformed-message");
    expect(logs.info.args[0]?.[0]).to.include({
      ...{ messages: 3, sent: 1 },
      ...{ "malformed-message": 1, "unknown-channel": 1 },
    });
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

  it("responds to a request to its URL with the outcomes, and with 200 even if a message was not sent", async () => {
    const lambda = aLambda();
    await lambda.chat.channels.open(LOBBY);
    const body = JSON.stringify({ messages: [message, { ...message, channel: "plans" }] });
    for (const own of [{ body }, { body: Buffer.from(body).toString("base64"), isBase64Encoded: true }]) {
      const { body: result, ...answer } = await answerTo(aRequest(own), lambda);
      expect(answer).to.deep.equal({ statusCode: 200, headers: { "content-type": "application/json" } });
      expect(result).to.have.nested.property("outcomes[0].messageId");
      expect(result).to.have.nested.property("outcomes[1].error.code", "unknown-channel");
    }
    expect(logs.info.args[0]?.[0]).to.include({ messages: 2, sent: 1, "unknown-channel": 1 });
  });

  it("refuses other requests to its URL with a status, and logs why", async () => {
    for (const [own, statusCode, text] of [
      [{ rawPath: "/" }, 404, "The path is /; it must be /publish."],
      [{ method: "GET" }, 405, "The method is GET; it must be POST."],
      [{ headers: {} }, 415, "The content type is missing; it must be application/json."],
      [
        { headers: { "content-type": "text/plain" } },
        415,
        "The content type is text/plain; it must be application/json.",
      ],
      [{ body: "{" }, 400, "The body is not valid JSON."],
      [{ body: undefined }, 400, "The body is not valid JSON."],
      [{ body: "{}" }, 400, '"messages" is missing.'],
    ] as const) {
      const { headers, ...answer } = await answerTo(aRequest(own as Partial<UrlEvent>));
      expect(answer).to.deep.equal({ statusCode, body: { error: { code: "malformed-request", message: text } } });
      expect(headers.allow, text).to.equal(statusCode === 405 ? "POST" : undefined);
      expect(logs.info.lastCall.args[0]).to.include({ refused: text });
    }
    const utf8 = { headers: { "content-type": "application/json; charset=utf-8" } };
    expect((await answerTo(aRequest(utf8))).statusCode).to.equal(200);
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
