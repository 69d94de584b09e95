import { expect } from "chai";
import { InvalidResponse, ResponseParser } from "../../../aws/http/response-parser.ts";

const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join("\r\n"));

const JSON_RESPONSE = bytes("HTTP/1.1 200 OK", "Content-Length: 7", "x-amz-crc32: 12", "", '{"a":1}');
const CHUNKED = bytes("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3;x=y", '{"a', "4", '":1}', "0", "", "");

/** The response, and the parser after it. */
function parsed(...chunks: Buffer[]) {
  const parser = new ResponseParser();
  const responses = chunks.map((chunk) => parser.add(chunk));
  const response = responses.find(Boolean);
  return { parser, response, status: response?.status, body: response?.body.toString() };
}

describe("aws/http/response-parser", () => {
  it("returns the status, headers by their names in lower case, and the body", () => {
    const { response, parser } = parsed(JSON_RESPONSE);
    expect(response?.status).to.equal(200);
    expect(response?.header("x-amz-crc32")).to.equal("12");
    expect(response?.header("date")).to.equal(undefined);
    expect(response?.body.toString()).to.equal('{"a":1}');
    expect(parser.isReusable).to.equal(true);
  });

  it("returns the same if the response arrives in two pieces, split anywhere", () => {
    for (const whole of [JSON_RESPONSE, CHUNKED]) {
      for (let at = 1; at < whole.length; at += 1) {
        const { status, body } = parsed(whole.subarray(0, at), whole.subarray(at));
        expect({ at, status, body }).to.deep.equal({ at, status: 200, body: '{"a":1}' });
      }
    }
  });

  it("reads one response after the other", () => {
    const parser = new ResponseParser();
    for (const response of [JSON_RESPONSE, CHUNKED, JSON_RESPONSE]) {
      expect(parser.add(response)?.body.toString()).to.equal('{"a":1}');
      expect(parser.isReusable).to.equal(true);
    }
  });

  it("ignores trailers and interim responses", () => {
    const trailers = bytes("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "2", "{}", "0", "x-a: b", "", "");
    expect(parsed(trailers)).to.include({ status: 200, body: "{}" });
    const interim = bytes(
      "HTTP/1.1 103 Early Hints",
      "link: <a>",
      "",
      "HTTP/1.1 410 Gone",
      "content-length: 0",
      "",
      "",
    );
    expect(parsed(interim)).to.include({ status: 410, body: "" });
  });

  it("reads no body of a 204, and the body of a response without a length until the connection ends", () => {
    expect(parsed(bytes("HTTP/1.1 204 No Content", "", ""))).to.include({ status: 204, body: "" });
    const { response, parser } = parsed(bytes("HTTP/1.1 200 OK", "", "{"), bytes("}"));
    expect(response).to.equal(undefined);
    expect(parser.end()?.body.toString()).to.equal("{}");
    expect(parser.isReusable).to.equal(false);
  });

  it("does not complete a response that the end of the connection cuts off", () => {
    const { parser } = parsed(JSON_RESPONSE.subarray(0, -1));
    expect(parser.end()).to.equal(undefined);
  });

  it("does not reuse a connection that the server closes, or that has sent more than the response", () => {
    const closing = bytes("HTTP/1.1 200 OK", "Connection: Close", "content-length: 0", "", "");
    const old = bytes("HTTP/1.0 200 OK", "content-length: 0", "", "");
    for (const response of [closing, old, Buffer.concat([JSON_RESPONSE, JSON_RESPONSE])]) {
      expect(parsed(response).parser.isReusable).to.equal(false);
    }
  });

  it("refuses what is not a response of HTTP/1.1, and a head without an end", () => {
    const invalid = [
      bytes("HTTP/2 200", "", ""),
      bytes("SSH-2.0-OpenSSH", "", ""),
      bytes("HTTP/1.1 200 OK", "content-length: -1", "", ""),
      bytes("HTTP/1.1 200 OK", "transfer-encoding: gzip", "", ""),
      bytes("HTTP/1.1 200 OK", "transfer-encoding: chunked", "", "x", "", ""),
      Buffer.alloc(70_000, "a"),
    ];
    for (const response of invalid) expect(() => parsed(response), String(response)).to.throw(InvalidResponse);
  });
});
