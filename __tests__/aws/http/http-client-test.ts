import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { LOOPBACK, listen } from "@serverless-chat/emulator/http-server";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import sinon from "sinon";
import { type HttpClient, type HttpRequest, httpClient } from "../../../aws/http/http-client.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const LIMITS = { connections: 2, responseMilliseconds: 3_000 };
const post: HttpRequest = { method: "POST", path: "/a%3D", headers: { "x-amz-date": "now" }, body: "héllo 🎉" };

describe("aws/http/http-client", () => {
  let server: TestServer;
  let client: HttpClient;
  beforeEach(async () => {
    server = await startTestServer();
    client = httpClient(server.url, LIMITS);
  });
  afterEach(async () => {
    sinon.restore();
    await server.stop();
  });

  const send: HttpClient["send"] = (...of) => client.send(...of);

  const codeOf = (failing: Promise<unknown>): Promise<unknown> =>
    failing.then(
      () => "no fault",
      ({ code, name }: NodeJS.ErrnoException) => code ?? name,
    );

  it("sends the method, path, headers and body, and returns the response", async () => {
    const server = createServer();
    let received = "";
    server.on("connection", (socket) =>
      socket.on("data", (data) => {
        received += data;
        socket.write("HTTP/1.1 201 Created\r\nx-a: b\r\ncontent-length: 2\r\n\r\n{}");
      }),
    );
    const host = `${LOOPBACK}:${await listen(server as never, 0)}`;
    const { status, header, body } = await httpClient(`http://${host}`, LIMITS).send(post);
    expect({ status, a: header("x-a"), body: String(body) }).to.deep.equal({ status: 201, a: "b", body: "{}" });
    expect(received).to.equal(
      `POST /a%3D HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\nx-amz-date: now\r\ncontent-length: 11\r\n\r\nhéllo 🎉`,
    );
    server.close();
  });

  it("uses a connection again, and opens at most as many as the limit", async () => {
    server.respond = (_, response) => void sleep(5).then(() => response.end("ok"));
    for (let turn = 0; turn < 3; turn += 1) await send(post);
    expect(server.connections).to.equal(1);
    const responses = await Promise.all(Array.from({ length: 7 }, () => send(post)));
    expect(responses.map(({ body }) => String(body))).to.deep.equal(Array(7).fill("ok"));
    expect(server.connections).to.equal(2);
  });

  it("opens a new connection after the server has closed the last one", async () => {
    server.respond = (_, response) => response.writeHead(200, { connection: "close" }).end();
    await send(post);
    await send(post);
    expect(server.connections).to.equal(2);
  });

  it("names the reason if there is no response", async () => {
    server.respond = ({ socket }) => socket.destroy();
    expect(await codeOf(send(post))).to.equal("UND_ERR_SOCKET");
    server.respond = ({ socket }) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort");
    expect(await codeOf(send(post))).to.equal("UND_ERR_SOCKET");
    server.respond = ({ socket }) => socket.end("nonsense\r\n\r\n");
    expect(await codeOf(send(post))).to.equal("HTTPParserError");
    await server.stop();
    expect(await codeOf(send(post))).to.equal("ECONNREFUSED");
  });

  it("passes a free place on to a request that waits, also after a fault", async () => {
    server.respond = ({ socket }) => socket.destroy();
    const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(send(post))));
    expect(codes).to.deep.equal(Array(5).fill("UND_ERR_SOCKET"));
  });

  it("ends a request without a response after the time limit", async () => {
    server.respond = () => undefined;
    client = httpClient(server.url, { connections: 1, responseMilliseconds: 10 });
    expect(await codeOf(send(post))).to.equal("UND_ERR_HEADERS_TIMEOUT");
  });

  it("aborts a request that is sent, that waits for a connection, or that has not started", async () => {
    server.respond = () => undefined;
    const abort = new AbortController();
    const aborted = Array.from({ length: 3 }, () => codeOf(send(post, abort.signal)));
    await sleep(5);
    abort.abort();
    expect(await Promise.all([...aborted, codeOf(send(post, abort.signal))])).to.deep.equal(
      Array(4).fill("AbortError"),
    );
    server.respond = (_, response) => response.end("ok");
    expect((await send(post)).status).to.equal(200);
  });

  it("leaves no listener on the signal", async () => {
    const { signal } = new AbortController();
    const [adding, removing] = [sinon.spy(signal, "addEventListener"), sinon.spy(signal, "removeEventListener")];
    await send(post, signal);
    expect(adding.args[0]?.[1]).to.equal(removing.args[0]?.[1]);
  });

  it("refuses a path or header that would add a line to the request", async () => {
    expect(await rejection(send({ ...post, path: "/ HTTP/1.1\r\nx: y" }))).to.equal("invalid request path");
    expect(await rejection(send({ ...post, headers: { a: "b\nc: d" } }))).to.equal("invalid a header");
  });

  it("opens a connection by the warm-up, which the first request uses", async () => {
    await client.warmUp();
    await send(post);
    expect(server.connections).to.equal(1);
  });

  it("connects again for the first request if the warm-up has failed", async () => {
    await server.stop();
    await client.warmUp();
    expect(await codeOf(send(post))).to.equal("ECONNREFUSED");
  });
});
