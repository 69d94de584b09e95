import { request } from "node:http";
import { connect as connectSocket } from "node:net";
import { expect } from "chai";
import { type Emulator, start } from "../../../emulator/start.ts";
import { type Client, connect } from "../../support/client.ts";
import { type FixtureRoute, fixtureStack, returning } from "../../support/fixture-stack.ts";
import { rejection } from "../../support/rejection.ts";

const throwing = "export const handler = async () => { throw new Error('not today'); };";
const sleeping = "export const handler = () => new Promise((resolve) => setTimeout(resolve, 2000));";

/** Answers the event that it gets. */
const event = returning("{ statusCode: 200, body: JSON.stringify(event) }");
const connectionId = returning("{ statusCode: 200, body: event.requestContext.connectionId }");

/** `$connect` that does what the query string of the handshake asks for. */
const obedient = `
  export const handler = async ({ queryStringParameters: { status, throws, result, protocol } = {} }) => {
    if (throws) throw new Error("as you wish");
    if (result) return JSON.parse(result);
    return { statusCode: Number(status ?? 200), headers: protocol ? { "sec-websocket-protocol": protocol } : {} };
  };`;

describe("emulator/gateway", () => {
  let emulator: Emulator | undefined;
  const clients: Client[] = [];

  async function play(routes: Readonly<Record<string, FixtureRoute>>): Promise<Emulator> {
    emulator = await start({ stackDirectory: fixtureStack({ routes }), iam: false });
    return emulator;
  }

  async function open(url: string, options = {}): Promise<Client> {
    const client = await connect(url, options);
    clients.push(client);
    return client;
  }

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await emulator?.stop();
    emulator = undefined;
  });

  describe("handshake", () => {
    const refusals: Record<string, [string, number]> = {
      "HS-21 the function's own status": ["status=401", 401],
      "HS-22 502 when the function throws": ["throws=1", 502],
      "HS-26 502 when the function's result has the wrong shape": ["result=7", 502],
    };
    for (const [rule, [query, status]] of Object.entries(refusals)) {
      it(`is refused with ${rule}`, async () => {
        const { url } = await play({ $connect: { code: obedient } });
        expect(await rejection(connect(`${url}?${query}`))).to.equal(`Unexpected server response: ${status}`);
      });
    }

    it("is refused with 504 when the integration takes too long (HS-24)", async () => {
      const { url } = await play({ $connect: { code: sleeping, integration: { timeout_milliseconds: 100 } } });
      expect(await rejection(connect(url))).to.equal("Unexpected server response: 504");
    });

    it("succeeds with any 2xx, and without a $connect route (HS-11, HS-20)", async () => {
      const { url } = await play({ $connect: { code: obedient } });
      expect((await open(`${url}?status=201`)).socket.readyState).to.equal(1);
      await emulator?.stop();
      expect((await open((await play({ $default: { code: event } })).url)).socket.readyState).to.equal(1);
    });

    it("answers the subprotocol that $connect returns, and none by itself (HS-40)", async () => {
      const { url } = await play({ $connect: { code: obedient } });
      const { socket } = await open(`${url}?protocol=chat.v1`, { subprotocols: ["other", "chat.v1"] });
      expect(socket.protocol).to.equal("chat.v1");
      const refused = connect(url, { subprotocols: ["chat.v1"] });
      expect(await rejection(refused)).to.equal("Server sent no subprotocol");
    });

    it("is 403 at another path, and 426 without an upgrade (HS-31, HS-32)", async () => {
      const { url, managementUrl } = await play({ $default: { code: event } });
      expect(await rejection(connect(`${url}-other`))).to.equal("Unexpected server response: 403");
      expect((await fetch(managementUrl)).status).to.equal(426);
      expect((await fetch(`${managementUrl}-other`)).status).to.equal(403);
      expect((await open(`${url}/`)).socket.readyState).to.equal(1);
    });

    it("is 400 without what RFC 6455 asks for, before $connect runs", async () => {
      const { url } = await play({ $connect: { code: throwing } });
      const headers = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
      const status = await new Promise((resolve, reject) => {
        request(url.replace("ws:", "http:"), { headers }, ({ statusCode }) => resolve(statusCode))
          .on("error", reject)
          .end();
      });
      expect(status).to.equal(400);
    });

    it("runs $disconnect for a client that left while $connect ran", async () => {
      const codes: unknown[] = [];
      emulator = await start({
        stackDirectory: fixtureStack({
          routes: {
            $connect: {
              code: "export const handler = () => new Promise((r) => setTimeout(r, 300, { statusCode: 200 }));",
            },
            $disconnect: { code: "export const handler = async (event) => console.info(event.requestContext);" },
          },
        }),
        log: ({ message }) => codes.push((message as { disconnectStatusCode: number }).disconnectStatusCode),
      });
      const { hostname, port, pathname } = new URL(emulator.url);
      const socket = connectSocket(Number(port), hostname);
      const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13";
      socket.write(
        `GET ${pathname} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
      );
      setTimeout(() => socket.destroy(), 50);
      while (codes.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(codes).to.deep.equal([1006]);
    });
  });

  describe("messages", () => {
    it("go to the route they name, to $default otherwise, and never to API Gateway's own routes", async () => {
      const named = returning("{ statusCode: 200, body: 'named ' + event.requestContext.routeKey }");
      const fallback = returning("{ statusCode: 200, body: 'default ' + event.body }");
      const { url } = await play({
        $connect: { code: obedient },
        say: { code: named, routeResponse: true },
        $default: { code: fallback, routeResponse: true },
      });
      const client = await open(url);
      for (const [frame, answer] of [
        ['{"message":"say"}', "named say"],
        ['{"message":"Say"}', 'default {"message":"Say"}'],
        ["", "default "],
        ['{"message":"$connect"}', 'default {"message":"$connect"}'],
      ] as const) {
        client.send(frame);
        expect(await client.next()).to.equal(answer);
      }
    });

    it("get the gateway's own error frames, byte for byte, and the connection stays (ER-01, ER-02, ER-03, ER-08)", async () => {
      const { url } = await play({
        throws: { code: throwing },
        sleeps: { code: sleeping, integration: { timeout_milliseconds: 100 } },
      });
      const client = await open(url);
      for (const [frame, text] of [
        ["nobody takes this", "Forbidden"],
        ['{"message":"throws"}', "Internal server error"],
        ['{"message":"sleeps"}', "Endpoint request timed out"],
      ]) {
        client.send(frame as string);
        expect(await client.next()).to.match(
          new RegExp(`^{"message": "${text}", "connectionId":"[\\w-]{15}=", "requestId":"[\\w-]{15}="}$`),
        );
      }
    });

    it("are answered by a route response alone: with the body, or an empty frame (RR-01, RR-03, RR-04)", async () => {
      const { url } = await play({
        silent: { code: returning("{ statusCode: 500, body: 'unheard' }") },
        empty: { code: returning("{ statusCode: 200 }"), routeResponse: true },
        loud: { code: returning("{ statusCode: 500, body: 'heard' }"), routeResponse: true },
        nothing: { code: returning("undefined"), routeResponse: true },
      });
      const client = await open(url);
      client.send({ message: "silent" });
      client.send({ message: "nothing" });
      client.send({ message: "empty" });
      expect(await client.next()).to.equal("");
      client.send({ message: "loud" });
      expect(await client.next()).to.equal("heard");
    });

    it("run side by side: a quick answer overtakes a slow one (LM-16)", async () => {
      const code =
        "export const handler = async ({ body }) => { const { after } = JSON.parse(body); await new Promise((r) => setTimeout(r, after)); return { statusCode: 200, body }; };";
      const { url } = await play({ wait: { code, routeResponse: true } });
      const client = await open(url);
      client.send({ message: "wait", after: 500 });
      client.send({ message: "wait", after: 0 });
      expect(await client.next()).to.include('"after":0');
      expect(await client.next()).to.include('"after":500');
    });

    it("that are binary close the connection with 1003 (LM-05)", async () => {
      const client = await open((await play({ $default: { code: event } })).url);
      client.socket.send(Buffer.from([1, 2]));
      expect((await client.closed).code).to.equal(1003);
    });
  });

  describe("events", () => {
    it("of a message have exactly AWS's fields (§2.5)", async () => {
      const { url } = await play({ $default: { code: event, routeResponse: true } });
      const client = await open(url, { headers: { "User-Agent": "test/1" } });
      client.send("hello");
      const { requestContext, ...rest } = JSON.parse(await client.next());
      expect(rest).to.deep.equal({ body: "hello", isBase64Encoded: false });
      expect(requestContext).to.include({
        routeKey: "$default",
        eventType: "MESSAGE",
        messageDirection: "IN",
        stage: "test",
      });
      expect(requestContext.identity).to.deep.equal({ userAgent: "test/1", sourceIp: "127.0.0.1" });
      expect(requestContext.extendedRequestId).to.equal(requestContext.requestId);
      expect(requestContext.requestTime).to.match(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
      for (const id of ["requestId", "connectionId", "messageId"]) expect(requestContext[id]).to.match(/^[\w-]{15}=$/);
      expect(requestContext).to.have.all.keys(
        ...["routeKey", "eventType", "messageId", "extendedRequestId", "requestTime", "messageDirection", "stage"],
        ...["connectedAt", "requestTimeEpoch", "identity", "requestId", "domainName", "connectionId", "apiId"],
      );
    });

    it("of a handshake carry its headers and its query string (§2.1)", async () => {
      const messages: unknown[] = [];
      const code = "export const handler = async (event) => { console.info(event); return { statusCode: 200 }; };";
      emulator = await start({
        stackDirectory: fixtureStack({ routes: { $connect: { code } } }),
        log: ({ message }) => messages.push(message),
      });
      await open(`${emulator.url}?a=1&a=2&b=`, { headers: { "X-Own": "yes" } });
      const [connectEvent] = messages as Record<string, Record<string, unknown>>[];
      expect(connectEvent?.queryStringParameters).to.deep.equal({ a: "2", b: "" });
      expect(connectEvent?.multiValueQueryStringParameters).to.deep.equal({ a: ["1", "2"], b: [""] });
      expect(connectEvent?.headers).to.include({
        "X-Own": "yes",
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Port": "443",
      });
      expect(connectEvent?.headers).not.to.have.any.keys("Connection", "Upgrade");
      expect(connectEvent?.multiValueHeaders).to.deep.include({ "X-Own": ["yes"] });
      expect(connectEvent).to.include({ isBase64Encoded: false }).and.not.have.any.keys("body", "stageVariables");
    });

    it("of a disconnect say why (§5)", async () => {
      const closings: [number, string][] = [];
      const code = "export const handler = async (event) => console.info(event);";
      emulator = await start({
        iam: false,
        stackDirectory: fixtureStack({
          routes: { $disconnect: { code }, $default: { code: connectionId, routeResponse: true } },
        }),
        log: ({ message }) => {
          const { requestContext } = message as { requestContext: Record<string, never> };
          closings.push([requestContext.disconnectStatusCode as never, requestContext.disconnectReason as never]);
        },
      });
      const seen = async (count: number) => {
        while (closings.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      (await open(emulator.url)).socket.close();
      await seen(1);
      (await open(emulator.url)).socket.close(4000, "enough");
      await seen(2);
      const deleted = await open(emulator.url);
      deleted.send("who am I?");
      await fetch(`${emulator.managementUrl}/@connections/${await deleted.next()}`, { method: "DELETE" });
      await seen(3);
      expect(closings).to.deep.equal([
        [1005, "Client-side close frame status not set"],
        [4000, "enough"],
        [1000, "Connection Closed Normally"],
      ]);
    });
  });

  describe("@connections", () => {
    async function connected() {
      const { url, managementUrl } = await play({ $default: { code: connectionId, routeResponse: true } });
      const client = await open(url);
      client.send("who am I?");
      const id = await client.next();
      const call = (method: string, path = encodeURIComponent(id), body?: string) =>
        fetch(`${managementUrl}/@connections/${path}`, { method, ...(body !== undefined && { body }) });
      return { client, id, call };
    }

    it("delivers a POST as a text frame (MG-01, MG-06)", async () => {
      const { client, call } = await connected();
      const response = await call("POST", undefined, "héllo");
      expect([response.status, await response.text()]).to.deep.equal([200, ""]);
      expect(await client.next()).to.equal("héllo");
    });

    it("describes a connection as AWS prints it", async () => {
      const { call } = await connected();
      const response = await call("GET");
      const time = '"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"';
      expect(await response.text()).to.match(
        new RegExp(
          `^{\n  "identity" : {\n    "sourceIp" : "127.0.0.1",\n    "userAgent" : null\n  },\n  "connectedAt" : ${time},\n  "lastActiveAt" : ${time}\n}$`,
        ),
      );
    });

    it("closes a connection on DELETE, and then it is gone (MG-08, MG-21)", async () => {
      const { client, call } = await connected();
      expect((await call("DELETE")).status).to.equal(204);
      expect(await client.closed).to.deep.equal({ code: 1000, reason: "Connection Closed Normally" });
      const response = await call("POST", undefined, "hello?");
      expect([response.status, response.headers.get("x-amzn-errortype"), await response.text()]).to.deep.equal([
        410,
        "GoneException",
        "",
      ]);
    });

    it("names what is wrong with a call (MG-20, MG-22, MG-27)", async () => {
      const { id, call } = await connected();
      const outcome = async (response: Response) => [response.status, response.headers.get("x-amzn-errortype")];
      const malformed = await call("POST", `${id}test`, "hi");
      expect(await malformed.clone().text()).to.equal(`{"message":"Invalid connectionId: ${id}test"}`);
      expect(await outcome(malformed)).to.deep.equal([400, "BadRequestException"]);
      expect(await outcome(await call("POST", id, "x".repeat(131_073)))).to.deep.equal([
        413,
        "PayloadTooLargeException",
      ]);
      expect(await outcome(await call("POST", `../../other/@connections/${id}`, "hi"))).to.deep.equal([
        403,
        "ForbiddenException",
      ]);
      expect((await call("POST", id, "x".repeat(131_072))).status).to.equal(200);
    });
  });
});
