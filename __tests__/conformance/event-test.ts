import { expect } from "chai";
import type { Kept, ProbeEvent } from "./probes/order.ts";
import { soft } from "./soft.ts";
import { newKey, on, type Stage } from "./stage.ts";

const CONTEXT = {
  ...{ routeKey: "string", eventType: "string", extendedRequestId: "string", requestTime: "string" },
  ...{ messageDirection: "string", stage: "string", connectedAt: "number", requestTimeEpoch: "number" },
  ...{ identity: "object", requestId: "string", domainName: "string", connectionId: "string", apiId: "string" },
};

/** The fields of the matrix (§2.5), and the types of their values. */
const FIELDS = {
  CONNECT: {
    top: { headers: "object", multiValueHeaders: "object", requestContext: "object", isBase64Encoded: "boolean" },
    context: CONTEXT,
  },
  MESSAGE: {
    top: { requestContext: "object", body: "string", isBase64Encoded: "boolean" },
    context: { ...CONTEXT, messageId: "string" },
  },
  DISCONNECT: {
    top: { headers: "object", multiValueHeaders: "object", requestContext: "object", isBase64Encoded: "boolean" },
    context: { ...CONTEXT, disconnectStatusCode: "number", disconnectReason: "string" },
  },
};

const QUERY = { queryStringParameters: "object", multiValueQueryStringParameters: "object" };

const typesOf = (record: object): object =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, typeof value]));

/** One connection from its beginning to its end. */
async function lifeOf(stage: Stage, headers: Record<string, string> = {}) {
  const key = newKey();
  const { client, connectionId } = await stage.join({ order: { record: key }, headers });
  const message = await stage.ask<ProbeEvent>(client, {});
  await client.close();
  const [{ event: connected }] = await stage.recall(key);
  const [{ event: left }] = await stage.recall(connectionId);
  return { CONNECT: connected, MESSAGE: message, DISCONNECT: left };
}

describe("conformance: events", () => {
  on("main", (stage) => {
    for (const kind of ["CONNECT", "MESSAGE", "DISCONNECT"] as const) {
      it(`§2.5 gives ${kind} exactly its fields`, async () => {
        const event = (await lifeOf(stage))[kind];
        const top = kind === "CONNECT" ? { ...FIELDS.CONNECT.top, ...QUERY } : FIELDS[kind].top;
        expect(typesOf(event)).to.deep.equal(top);
        expect(typesOf(event.requestContext)).to.deep.equal(FIELDS[kind].context);
        expect(event.requestContext).to.include({ eventType: kind, messageDirection: "IN", stage: "test" });
        expect(event).to.include({ isBase64Encoded: false });
        expect(Object.keys(event.requestContext.identity)).to.deep.equal(["sourceIp"]);
      });

      it(`§2.5 gives ${kind} the client's user agent if it named one`, async () => {
        const { identity } = (await lifeOf(stage, { "User-Agent": "test/1" }))[kind].requestContext;
        expect(typesOf(identity)).to.deep.equal({ sourceIp: "string", userAgent: "string" });
        expect(identity.userAgent).to.equal("test/1");
      });
    }

    it("EV-01 has one request id under two names", async () => {
      for (const { requestContext } of Object.values(await lifeOf(stage))) {
        expect(requestContext.extendedRequestId).to.equal(requestContext.requestId);
      }
    });

    it("EV-02 gives times in milliseconds, and the request's as a web server's log does too", async () => {
      const life = await lifeOf(stage);
      for (const { requestContext } of Object.values(life)) {
        const { requestTime, requestTimeEpoch, connectedAt } = requestContext;
        const [, day, month, year, time] = new Date(requestTimeEpoch).toUTCString().split(" ");
        expect(requestTime).to.equal(`${day}/${month}/${year}:${time} +0000`);
        expect(connectedAt).to.equal(life.CONNECT.requestContext.connectedAt).and.to.be.at.most(requestTimeEpoch);
      }
    });

    it("EV-03 keeps hop headers from $connect", async () => {
      const { headers = {} } = (await lifeOf(stage)).CONNECT;
      const names = Object.keys(headers).map((name) => name.toLowerCase());
      expect(names).to.not.include.any.members(["connection", "upgrade", "content-length"]);
    });

    it("EV-04 keeps the client's spelling of header names", async () => {
      const headers = { "x-oWN": "yes", "sec-fetch-mode": "websocket" };
      expect((await lifeOf(stage, headers)).CONNECT.headers).to.include(headers);
    });

    it("EV-05 adds the headers of AWS's own, and passes the client's", async () => {
      const headers = { Origin: "https://example.com", Cookie: "a=b", "Accept-Language": "en" };
      const { CONNECT } = await lifeOf(stage, headers);
      const { sourceIp } = CONNECT.requestContext.identity;
      const added = { "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https", "X-Forwarded-For": sourceIp };
      expect(CONNECT.headers).to.include({ ...headers, ...added });
      expect(CONNECT.headers?.["X-Amzn-Trace-Id"]).to.match(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
      const listed = Object.entries(CONNECT.headers ?? {}).map(([name, value]) => [name, [value]]);
      expect(CONNECT.multiValueHeaders).to.deep.equal(Object.fromEntries(listed));
    });

    /** A query string with one name twice. */
    async function repeated(): Promise<ProbeEvent> {
      const key = newKey();
      const { socket } = await stage.shake({ path: "?a=1&a=2&b=&more", order: { record: key } });
      socket?.destroy();
      return (await stage.recall(key))[0].event;
    }

    it("EV-06 lists all values of a repeated parameter in their order", async () => {
      const { multiValueQueryStringParameters } = await repeated();
      expect(multiValueQueryStringParameters).to.deep.include({ a: ["1", "2"], b: [""] });
    });

    soft("EV-06 gives the last value of a repeated parameter alone", async () => {
      expect((await repeated()).queryStringParameters).to.include({ a: "2", b: "" });
    });

    it("EV-07 names the host that the client asked for", async () => {
      const { host } = new URL(await stage.url());
      const { CONNECT, MESSAGE, DISCONNECT } = await lifeOf(stage);
      for (const { requestContext } of [CONNECT, MESSAGE, DISCONNECT]) {
        expect(requestContext.domainName).to.equal(host);
      }
      expect([CONNECT.headers?.Host, DISCONNECT.headers?.Host]).to.deep.equal([host, host]);
    });

    it("EV-08 gives DISCONNECT four headers, of which one says something", async () => {
      const { headers, multiValueHeaders } = (await lifeOf(stage)).DISCONNECT;
      const { host } = new URL(await stage.url());
      expect(headers).to.deep.equal({ Host: host, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" });
      const listed = { Host: [host], "x-api-key": [""], "X-Forwarded-For": [""], "x-restapi": [""] };
      expect(multiValueHeaders).to.deep.equal(listed);
    });

    for (const body of ["plain", "", ' { "action" : "answer" } ', "ünïcödé 🙂\u0000", "[1, 2]"]) {
      it(`EV-09 hands on ${JSON.stringify(body)} byte for byte`, async () => {
        const client = await stage.connect();
        client.send(body);
        expect(JSON.parse(await client.next()).body).to.equal(body);
      });
    }

    it("EV-09 hands on a message of several fragments in one piece", async () => {
      const { socket, next } = await stage.connect();
      socket.send("one, ", { fin: false });
      socket.send("two, ", { fin: false });
      socket.send("three", { fin: true });
      expect(JSON.parse(await next()).body).to.equal("one, two, three");
    });

    it("EV-10 makes ids of 16 characters", async () => {
      const life = await lifeOf(stage);
      const { messageId = "" } = life.MESSAGE.requestContext;
      const ids = Object.values(life).flatMap(({ requestContext: { connectionId, requestId } }) => [
        connectionId,
        requestId,
      ]);
      for (const id of [messageId, ...ids]) expect(id).to.match(/^[A-Za-z0-9_-]{15}=$/);
      expect(new Set(ids).size, "a connection id and three request ids").to.equal(4);
    });
  });

  on("bare", (stage) => {
    it("§2.5 gives MESSAGE no authorizer and no stage variables where there are none", async () => {
      const client = await stage.connect();
      client.send({ service: { do: "answer" } });
      const event: ProbeEvent = JSON.parse(await client.next());
      expect(typesOf(event)).to.deep.equal(FIELDS.MESSAGE.top);
      expect(typesOf(event.requestContext)).to.deep.equal(FIELDS.MESSAGE.context);
    });
  });

  on("selection", (stage) => {
    soft("§2.5 gives every event the stage's variables", async () => {
      const key = newKey();
      const { client } = await stage.join({ order: { record: key } });
      const message = await stage.ask<ProbeEvent>(client, {});
      const [{ event: connected }] = await stage.recall(key);
      for (const { stageVariables } of [connected, message]) expect(stageVariables).to.deep.equal({ color: "blue" });
    });
  });

  on("authorizer", (stage) => {
    type AuthorizerEvent = ProbeEvent & { readonly type: string; readonly methodArn: string };

    async function asked(): Promise<Kept<AuthorizerEvent>["event"]> {
      const key = newKey();
      await stage.join({ authorize: { record: key } });
      return (await stage.recall<AuthorizerEvent>(key))[0].event;
    }

    it("§2.5 gives the authorizer exactly its fields", async () => {
      const event = await asked();
      expect(typesOf(event)).to.deep.equal({
        ...{ type: "string", methodArn: "string", headers: "object", multiValueHeaders: "object" },
        ...{ ...QUERY, stageVariables: "object", requestContext: "object" },
      });
      expect(typesOf(event.requestContext)).to.deep.equal(CONTEXT);
      expect(event).to.include({ type: "REQUEST" }).and.to.deep.include({ stageVariables: {} });
      expect(event.requestContext).to.include({ routeKey: "$connect", eventType: "CONNECT" });
      const { apiId } = event.requestContext;
      expect(event.methodArn).to.match(new RegExp(`^arn:aws:execute-api:[a-z0-9-]+:\\d{12}:${apiId}/test/\\$connect$`));
    });

    it("EV-03 shows the authorizer the hop headers", async () => {
      const { headers = {} } = await asked();
      const lower = Object.fromEntries(Object.entries(headers).map((pair) => pair.map((text) => text.toLowerCase())));
      expect(lower).to.include({ connection: "upgrade", upgrade: "websocket", "content-length": "0" });
    });
  });
});
