import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { eventsOfConnection, newKey, on, soft } from "./stage.ts";

describe("conformance: events", () => {
  on("main", (stage) => {
    it("EV-01 contains the request id under two names", async () => {
      for (const { requestContext } of Object.values(await eventsOfConnection(stage))) {
        expect(requestContext.extendedRequestId).to.equal(requestContext.requestId);
      }
    });

    it("EV-02 contains times in milliseconds, and the request time in the format of web server logs", async () => {
      const life = await eventsOfConnection(stage);
      for (const { requestContext } of Object.values(life)) {
        const { requestTime, requestTimeEpoch, connectedAt } = requestContext;
        const [, day, month, year, time] = new Date(requestTimeEpoch).toUTCString().split(" ");
        expect(requestTime).to.equal(`${day}/${month}/${year}:${time} +0000`);
        expect(connectedAt).to.equal(life.CONNECT.requestContext.connectedAt).and.to.be.at.most(requestTimeEpoch);
      }
    });

    it("EV-03 omits hop-by-hop headers from the event of $connect", async () => {
      const { headers = {} } = (await eventsOfConnection(stage)).CONNECT;
      const names = Object.keys(headers).map((name) => name.toLowerCase());
      expect(names).to.not.include.any.members(["connection", "upgrade", "content-length"]);
    });

    it("EV-04 preserves the case of the client's header names", async () => {
      const headers = { "x-oWN": "yes", "sec-fetch-mode": "websocket" };
      expect((await eventsOfConnection(stage, headers)).CONNECT.headers).to.include(headers);
    });

    it("EV-05 adds AWS's headers, and passes those of the client", async () => {
      const headers = { Origin: "https://example.com", Cookie: "a=b", "Accept-Language": "en" };
      const { CONNECT } = await eventsOfConnection(stage, headers);
      const { sourceIp } = CONNECT.requestContext.identity;
      const added = { "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https", "X-Forwarded-For": sourceIp };
      expect(CONNECT.headers).to.include({ ...headers, ...added });
      expect(CONNECT.headers?.["X-Amzn-Trace-Id"]).to.match(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
      const listed = Object.entries(CONNECT.headers ?? {}).map(([name, value]) => [name, [value]]);
      expect(CONNECT.multiValueHeaders).to.deep.equal(Object.fromEntries(listed));
    });

    /** The event of a handshake with a repeated query parameter. */
    async function repeated(): Promise<ProbeEvent> {
      const key = newKey();
      const { socket } = await stage.handshake({ path: "?a=1&a=2&b=&more", order: { record: key } });
      socket?.destroy();
      return (await stage.records(key))[0].event;
    }

    it("EV-06 lists all values of a repeated parameter in order", async () => {
      const { multiValueQueryStringParameters } = await repeated();
      expect(multiValueQueryStringParameters).to.deep.include({ a: ["1", "2"], b: [""] });
    });

    soft("EV-06 contains the last value of a repeated parameter as its single value", async () => {
      expect((await repeated()).queryStringParameters).to.include({ a: "2", b: "" });
    });

    it("EV-07 contains the host that the client requested", async () => {
      const { host } = new URL(await stage.url());
      const { CONNECT, MESSAGE, DISCONNECT } = await eventsOfConnection(stage);
      for (const { requestContext } of [CONNECT, MESSAGE, DISCONNECT]) {
        expect(requestContext.domainName).to.equal(host);
      }
      expect([CONNECT.headers?.Host, DISCONNECT.headers?.Host]).to.deep.equal([host, host]);
    });

    it("EV-08 sends four headers with DISCONNECT, of which only the host has a value", async () => {
      const { headers, multiValueHeaders } = (await eventsOfConnection(stage)).DISCONNECT;
      const { host } = new URL(await stage.url());
      expect(headers).to.deep.equal({ Host: host, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" });
      const listed = { Host: [host], "x-api-key": [""], "X-Forwarded-For": [""], "x-restapi": [""] };
      expect(multiValueHeaders).to.deep.equal(listed);
    });

    for (const body of ["plain", "", ' { "action" : "answer" } ', "ünïcödé 🙂\u0000", "[1, 2]"]) {
      it(`EV-09 passes ${JSON.stringify(body)} on unchanged`, async () => {
        const client = await stage.connect();
        client.send(body);
        expect(JSON.parse(await client.next()).body).to.equal(body);
      });
    }

    it("EV-09 joins the fragments of a message", async () => {
      const { socket, next } = await stage.connect();
      socket.send("one, ", { fin: false });
      socket.send("two, ", { fin: false });
      socket.send("three", { fin: true });
      expect(JSON.parse(await next()).body).to.equal("one, two, three");
    });

    it("EV-10 uses ids of 16 characters", async () => {
      const life = await eventsOfConnection(stage);
      const { messageId = "" } = life.MESSAGE.requestContext;
      const ids = Object.values(life).flatMap(({ requestContext: { connectionId, requestId } }) => [
        connectionId,
        requestId,
      ]);
      for (const id of [messageId, ...ids]) expect(id).to.match(/^[A-Za-z0-9_-]{15}=$/);
      expect(new Set(ids).size, "a connection id and three request ids").to.equal(4);
    });
  });

  on("authorizer", (stage) => {
    it("EV-03 passes hop-by-hop headers to the authorizer", async () => {
      const key = newKey();
      await stage.join({ authorize: { record: key } });
      const { headers = {} } = (await stage.records(key))[0].event;
      const lower = Object.fromEntries(Object.entries(headers).map((pair) => pair.map((text) => text.toLowerCase())));
      expect(lower).to.include({ connection: "upgrade", upgrade: "websocket", "content-length": "0" });
    });
  });
});
