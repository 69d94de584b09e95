import { EventEmitter, once } from "node:events";
import { createServer, type OutgoingHttpHeaders, request } from "node:http";
import { connect as connectSocket } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import sinon from "sinon";
import { closeSilentConnections } from "../src/callers.ts";
import { type Emulator, start } from "../src/start.ts";
import { fixtureStack, returning } from "../src/testing/fixture-stack.ts";
import { connect } from "./support/client.ts";
import { rejection } from "./support/rejection.ts";

interface Answer {
  readonly status: number | undefined;
  readonly errorType: string | string[] | undefined;
  readonly body: string;
}

async function ask(url: string, headers: OutgoingHttpHeaders, method = "GET"): Promise<Answer> {
  const [response] = await once(request(url, { method, headers }).end(), "response");
  const { statusCode: status, headers: received } = response;
  return { status, errorType: received["x-amzn-errortype"], body: await text(response) };
}

/** The other headers of a handshake. */
const UPGRADE = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\n`;

describe("callers", () => {
  let emulator: Emulator;
  let urls: readonly string[];
  before(async () => {
    const routes = { $default: { code: returning("{ statusCode: 200, body: event.body }"), routeResponse: true } };
    emulator = await start({
      stackDirectory: fixtureStack({ routes }),
      serveElsewhere: (_, answer) => answer.end("page"),
    });
    const { url, managementUrl, dynamodbUrl, endpointUrl } = emulator;
    urls = [
      url.replace("ws:", "http:"),
      `${managementUrl}/@connections/x`,
      new URL("/", managementUrl).href,
      dynamodbUrl,
      endpointUrl,
    ];
  });
  after(() => emulator.stop());

  it("are refused on every port if they use a host name that is not of this machine, as in DNS rebinding", async () => {
    const hosts = [
      "evil.example",
      "127.0.0.1.evil.example:3001",
      "localhost.evil.example",
      "10.0.0.1",
      "1270.0.0.1",
      "::1",
    ];
    for (const url of urls) {
      for (const Host of hosts) {
        const { status, errorType, body } = await ask(url, { Host }, "POST");
        expect([status, errorType], `${url} ${Host}`).to.deep.equal([421, "MisdirectedRequestException"]);
        expect(JSON.parse(body).message).to.include(`The request is for the host "${Host}". `);
      }
    }
  });

  it("are refused on every port if they have two Host headers", async () => {
    for (const url of urls) {
      const { hostname, port, pathname } = new URL(url);
      const socket = connectSocket(Number(port), hostname);
      socket.write(`GET ${pathname} HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n${UPGRADE}\r\n`);
      const [answer] = await once(socket, "data");
      expect(String(answer).split("\r\n")[0], url).to.equal("HTTP/1.1 400 Bad Request");
      socket.destroy();
    }
  });

  it("are served at every name and address of loopback, on any port", async () => {
    for (const Host of ["127.0.0.1", "127.1.2.3:80", "localhost", "LOCALHOST:3001", "[::1]", "[::1]:3001"]) {
      for (const url of urls) expect((await ask(url, { Host })).status, `${url} ${Host}`).to.not.equal(421);
      const client = await connect(emulator.url, { headers: { Host } });
      await client.close();
    }
  });

  it("cannot connect as WebSocket clients with another host name", async () => {
    const refused = connect(emulator.url, { headers: { Host: "evil.example" } });
    expect(await rejection(refused)).to.equal("Unexpected server response: 421");
  });

  it("are refused without a host name", async () => {
    const { hostname, port } = new URL(emulator.managementUrl);
    const socket = connectSocket(Number(port), hostname);
    socket.write("POST / HTTP/1.0\r\n\r\n");
    const answer = await text(socket);
    expect(answer).to.match(/^HTTP\/1\.1 421 /);
    expect(answer).to.include("The request has no Host header.");
  });

  it("are refused if they are pages of another origin, which can send requests without seeing the answer", async () => {
    for (const url of urls) {
      for (const Origin of ["https://evil.example", "null", "http://localhost.evil.example"]) {
        const { status, errorType } = await ask(url, { Origin }, "POST");
        expect([status, errorType], `${url} ${Origin}`).to.deep.equal([403, "ForbiddenOriginException"]);
      }
      expect((await ask(url, { Origin: "http://localhost:5173" }, "POST")).errorType).to.not.equal(
        "ForbiddenOriginException",
      );
    }
  });

  it("connect as WebSocket clients from any origin, which the API can check", async () => {
    const client = await connect(emulator.url, { headers: { Origin: "https://chat.example.com" } });
    await client.close();
  });

  it("cannot upgrade with HTTP/1.0", async () => {
    const { hostname, port } = new URL(emulator.url);
    const socket = connectSocket(Number(port), hostname);
    const headers = ["Host: localhost", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    socket.write(`${["GET /test HTTP/1.0", ...headers, key].join("\r\n")}\r\n\r\n`);
    expect(await text(socket)).to.match(/^HTTP\/1\.1 400 /);
  });

  describe("that send nothing", () => {
    afterEach(() => sinon.restore());

    /** A connection that has received this number of bytes when time is up, and whether it was closed. */
    function isClosedAfter(milliseconds: number, bytesRead: number): boolean {
      const clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const server = createServer();
      closeSilentConnections(server);
      const [, close] = server.listeners("connection");
      const destroy = sinon.spy();
      close?.call(server, Object.assign(new EventEmitter(), { bytesRead, destroy }));
      clock.tick(milliseconds);
      clock.restore();
      return destroy.called;
    }

    it("are disconnected after 60 seconds", () => {
      expect(isClosedAfter(59_999, 0)).to.equal(false);
      expect(isClosedAfter(60_000, 0)).to.equal(true);
      expect(isClosedAfter(60_000, 1)).to.equal(false);
    });
  });
});
