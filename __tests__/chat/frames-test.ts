import { expect } from "chai";
import { parseFrame, SendMessage } from "../../chat/frames.ts";

const RULE = "it must be a string of at most 16384 bytes.";

const refusalOf = (body: string) => parseFrame(SendMessage, body);

describe("chat/frames", () => {
  it("reads what a frame says and ignores fields it does not know", () => {
    expect(parseFrame(SendMessage, '{"message":"sendmessage","data":"hi","extra":1}')).to.deep.equal({
      frame: { data: "hi" },
    });
  });

  it("takes data of 16,384 bytes", () => {
    const data = "é".repeat(8192);
    expect(parseFrame(SendMessage, JSON.stringify({ data }))).to.deep.equal({ frame: { data } });
  });

  const refused: Record<string, [string, { code: string; detail: string }]> = {
    "what is not JSON": ["{", { code: "malformed-frame", detail: "The frame is not JSON." }],
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
});
