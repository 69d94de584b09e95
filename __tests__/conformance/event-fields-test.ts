import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { eventsOfConnection, newKey, on, soft } from "./stage.ts";

const CONTEXT = {
  ...{ routeKey: "string", eventType: "string", extendedRequestId: "string", requestTime: "string" },
  ...{ messageDirection: "string", stage: "string", connectedAt: "number", requestTimeEpoch: "number" },
  ...{ identity: "object", requestId: "string", domainName: "string", connectionId: "string", apiId: "string" },
};

/** The table "Fields of each event" in docs/api-gateway-rules.md, with the types of the values. It has no rule ids. */
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

describe("conformance: fields of events", () => {
  on("main", (stage) => {
    for (const kind of ["CONNECT", "MESSAGE", "DISCONNECT"] as const) {
      it(`event fields: ${kind} events have exactly these fields`, async () => {
        const event = (await eventsOfConnection(stage))[kind];
        const top = kind === "CONNECT" ? { ...FIELDS.CONNECT.top, ...QUERY } : FIELDS[kind].top;
        expect(typesOf(event)).to.deep.equal(top);
        expect(typesOf(event.requestContext)).to.deep.equal(FIELDS[kind].context);
        expect(event.requestContext).to.include({ eventType: kind, messageDirection: "IN", stage: "test" });
        expect(event).to.include({ isBase64Encoded: false });
        expect(Object.keys(event.requestContext.identity)).to.deep.equal(["sourceIp"]);
      });

      it(`event fields: ${kind} events have the client's user agent if the client sent one`, async () => {
        const { identity } = (await eventsOfConnection(stage, { "User-Agent": "test/1" }))[kind].requestContext;
        expect(typesOf(identity)).to.deep.equal({ sourceIp: "string", userAgent: "string" });
        expect(identity.userAgent).to.equal("test/1");
      });
    }
  });

  on("bare", (stage) => {
    it("event fields: MESSAGE events have no authorizer and no stage variables if there are none", async () => {
      const client = await stage.connect();
      client.send({ service: { do: "answer" } });
      const event: ProbeEvent = JSON.parse(await client.next());
      expect(typesOf(event)).to.deep.equal(FIELDS.MESSAGE.top);
      expect(typesOf(event.requestContext)).to.deep.equal(FIELDS.MESSAGE.context);
    });
  });

  on("selection", (stage) => {
    soft("event fields: every event has the stage variables", async () => {
      const key = newKey();
      const { client } = await stage.join({ order: { record: key } });
      const message = await stage.request<ProbeEvent>(client, {});
      const [{ event: connected }] = await stage.records(key);
      for (const { stageVariables } of [connected, message]) expect(stageVariables).to.deep.equal({ color: "blue" });
    });
  });

  on("authorizer", (stage) => {
    type AuthorizerEvent = ProbeEvent & { readonly type: string; readonly methodArn: string };

    it("event fields: authorizer events have exactly these fields", async () => {
      const key = newKey();
      await stage.join({ authorize: { record: key } });
      const [{ event }] = await stage.records<AuthorizerEvent>(key);
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
  });
});
