import { expect } from "chai";
import * as v from "valibot";
import { messageFrame } from "../../../chat/message.ts";
import { ChooseName, Direct, Join } from "../../../chat/protocol/client-frames.ts";
import { answerForms, formsOf, jsonOf, parseFrame } from "../../../chat/protocol/frames.ts";
import { History } from "../../../chat/protocol/history-frames.ts";
import { ListChannels, ListMembers } from "../../../chat/protocol/list-frames.ts";
import { Ban, Mute } from "../../../chat/protocol/moderation-frames.ts";
import { SendMessage } from "../../../chat/protocol/send-message-frame.ts";
import { aMessage } from "../../support/builders.ts";

const RULE = "it must be a string of at most 16384 bytes.";

const refusalOf = (body: string) => parseFrame(SendMessage, body);

describe("chat/protocol/frames", () => {
  it("parses a frame and ignores unknown fields", () => {
    expect(parseFrame(SendMessage, '{"message":"sendmessage","data":"hi","extra":1}')).to.deep.equal({
      frame: { channel: "lobby", data: "hi" },
    });
  });

  it("accepts data of 16,384 bytes", () => {
    const data = "é".repeat(8192);
    expect(parseFrame(SendMessage, JSON.stringify({ data }))).to.have.nested.property("frame.data", data);
  });

  const refused: Record<string, [string, { code: string; detail: string }]> = {
    "what is not JSON": ["{", { code: "malformed-frame", detail: "The frame is not valid JSON. Send a JSON object." }],
    null: ["null", { code: "malformed-frame", detail: "The frame is null; it must be a JSON object." }],
    "a string": ['"hi"', { code: "malformed-frame", detail: "The frame is a string; it must be a JSON object." }],
    "a frame without data": ["{}", { code: "malformed-frame", detail: '"data" is missing.' }],
    "a list": ['["hi"]', { code: "malformed-frame", detail: '"data" is missing.' }],
    "data that is a number": ['{"data":5}', { code: "malformed-frame", detail: `"data" is 5; ${RULE}` }],
    "data that is null": ['{"data":null}', { code: "malformed-frame", detail: `"data" is null; ${RULE}` }],
    "data that is an object": ['{"data":{"a":1}}', { code: "malformed-frame", detail: `"data" is Object; ${RULE}` }],
    "data one byte too long": [
      JSON.stringify({ data: `${"é".repeat(8192)}x` }),
      { code: "data-too-long", detail: `"data" is 16385 bytes long; ${RULE}` },
    ],
  };
  for (const [what, [body, refusal]] of Object.entries(refused)) {
    it(`refuses ${what} in a sentence that names the fault`, () => {
      expect(refusalOf(body)).to.deep.equal({ refusal });
    });
  }

  const coded: Record<string, [Parameters<typeof parseFrame>[0], object, { code: string; detail: RegExp }]> = {
    "a channel name": [
      Join,
      { channel: "Ops" },
      { code: "bad-channel", detail: /^"channel" is "Ops"; it must have 1 to 64/ },
    ],
    "a channel that is none": [Join, { channel: 1 }, { code: "malformed-frame", detail: /^"channel" is 1; / }],
    "a channel that is missing": [Join, {}, { code: "malformed-frame", detail: /^"channel" is missing\.$/ }],
    "a user's name": [
      ChooseName,
      { data: " x" },
      { code: "bad-name", detail: /^"data" is " x"; it must have 1 to 32/ },
    ],
    "a long name": [ChooseName, { data: "x".repeat(99) }, { code: "bad-name", detail: /^"data" is too long; / }],
    "a limit": [History, { limit: 101 }, { code: "malformed-frame", detail: /^"limit" is 101; .* from 1 to 100\.$/ }],
    "a cursor": [History, { before: "x" }, { code: "malformed-frame", detail: /^"before" is "x"; it must be the id/ }],
    "a value by a rule of its own": [
      v.object({
        data: v.pipe(
          v.string(),
          v.check((text) => text !== "x", '"data" is "x"; it must be something else.'),
        ),
      }),
      { data: "x" },
      { code: "malformed-frame", detail: /something else/ },
    ],
    "a user who is nobody": [
      Direct,
      { to: "" },
      { code: "malformed-frame", detail: /^"to" is ""; .* of 1 to 255 characters\.$/ },
    ],
    "a user whose name is no key": [
      Mute,
      { user: "€".repeat(256) },
      { code: "malformed-frame", detail: /^"user" is too long; / },
    ],
    "a ban of no time": [
      Ban,
      { user: "ben", seconds: 0 },
      { code: "malformed-frame", detail: /^"seconds" is 0; .* from 1 to 31536000\.$/ },
    ],
    "an empty cursor": [ListChannels, { cursor: "" }, { code: "malformed-frame", detail: /^"cursor" is empty; / }],
    "a cursor that is no key": [
      ListMembers,
      { cursor: `0.${"x".repeat(1_024)}` },
      { code: "malformed-frame", detail: /^"cursor" is / },
    ],
    "a reply to something else": [
      SendMessage,
      { data: "hi", replyTo: "c-1" },
      { code: "malformed-frame", detail: /^"replyTo" is "c-1"; it must be the id of a message\.$/ },
    ],
    "an empty list of mentions": [
      SendMessage,
      { data: "hi", mentions: [] },
      { code: "malformed-frame", detail: /^"mentions" is an empty list; it must be a list of 1 to 20 different names/ },
    ],
    "a list of too many mentions": [
      SendMessage,
      { data: "hi", mentions: Array.from({ length: 21 }, (_, index) => `user ${index}`) },
      { code: "malformed-frame", detail: /^"mentions" has 21 names; / },
    ],
    "a repeated mention": [
      SendMessage,
      { data: "hi", mentions: ["ben", "ben"] },
      { code: "malformed-frame", detail: /^"mentions" has a name twice; / },
    ],
    "a mention that is not a name": [
      SendMessage,
      { data: "hi", mentions: ["b\nen"] },
      { code: "malformed-frame", detail: /^"mentions" is "b\nen"; / },
    ],
    "an empty id": [
      History,
      { id: "" },
      { code: "malformed-frame", detail: /^"id" is empty; it must be a string of 1 to 64 characters\.$/ },
    ],
    "a long id": [
      History,
      { id: "x".repeat(65) },
      { code: "malformed-frame", detail: /^"id" is 65 characters long; it must be a string of 1 to 64 characters\.$/ },
    ],
  };
  for (const [what, [schema, frame, { code, detail }]] of Object.entries(coded)) {
    it(`refuses ${what} that breaks its rule, by a code to switch on`, () => {
      const { refusal } = parseFrame(schema, JSON.stringify(frame)) as { refusal: { code: string; detail: string } };
      expect(refusal.code).to.equal(code);
      expect(refusal.detail).to.match(detail);
    });
  }

  it("accepts the longest possible user name, in any script", () => {
    const to = "\u{1f600}".repeat(255);
    expect(parseFrame(Direct, JSON.stringify({ to, data: "hi" }))).to.have.nested.property("frame.to", to);
  });

  it("encodes a message as bare text or as JSON, by protocol", () => {
    const frame = messageFrame(aMessage({ data: "hi" }));
    expect(formsOf(frame)).to.deep.equal({ plain: "hi", "chat.v1": JSON.stringify(frame) });
  });

  it("encodes only responses, and no notices, for plain clients", () => {
    const ack = { type: "ack", request: "join" } as const;
    expect(formsOf(ack).plain).to.equal(undefined);
    expect(answerForms(ack)).to.deep.equal({ plain: JSON.stringify(ack), "chat.v1": JSON.stringify(ack) });
  });
});

describe("chat/protocol/json", () => {
  it("parses JSON, and returns undefined for other text", () => {
    expect(jsonOf('{"a":1}')).to.deep.equal({ a: 1 });
    expect(jsonOf("null")).to.equal(null);
    expect(jsonOf("{")).to.equal(undefined);
  });
});
