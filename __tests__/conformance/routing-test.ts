import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { messageFor, newKey, on, type Stage, soft } from "./stage.ts";

/** The key of the route that receives a message. */
async function routed(stage: Stage, message: string | object): Promise<string> {
  const client = await stage.connect();
  client.send(message);
  const { requestContext }: ProbeEvent = JSON.parse(await client.next());
  return requestContext.routeKey;
}

/** The message of an error frame, or the route that responded. */
async function responseTo(stage: Stage, message: object): Promise<string> {
  const client = await stage.connect();
  client.send(message);
  const { message: error, requestContext } = JSON.parse(await client.next());
  return error ?? `response of ${requestContext.routeKey}`;
}

describe("conformance: routing", () => {
  on("main", (stage) => {
    it("RT-01 selects by one value of the message", async () => {
      expect(await routed(stage, '{"action":"answer"}')).to.equal("answer");
    });

    for (const action of ["Answer", "answer ", "ans", "*"]) {
      it(`RT-04 sends "${action}" to $default, because keys match exactly`, async () => {
        expect(await routed(stage, { action })).to.equal("$default");
      });
    }

    for (const message of ["hello", "", "{", "action: answer"]) {
      it(`RT-05 sends ${JSON.stringify(message)}, which is not JSON, to $default`, async () => {
        expect(await routed(stage, message)).to.equal("$default");
      });
    }

    for (const message of ["{}", '{"other":"answer"}', '{"action":"unknown"}', '"answer"', "null"]) {
      it(`RT-06 sends ${message}, which selects no route, to $default`, async () => {
        expect(await routed(stage, message)).to.equal("$default");
      });
    }

    soft("RT-08 selects the route 5 by the number 5", async () => {
      expect(await routed(stage, { action: 5 })).to.equal("5");
    });

    for (const action of ["$connect", "$disconnect"]) {
      soft(`RT-09 does not run ${action} for a message that names it`, async () => {
        expect(await routed(stage, { action })).to.equal("$default");
      });
    }

    it("IN-01 supports integrations of the type AWS_PROXY: the function gets the event, and its result is the response", async () => {
      const client = await stage.connect();
      client.send(messageFor("answer", { result: { statusCode: 200, body: "as it is" } }));
      expect(await client.next()).to.equal("as it is");
    });

    it("IN-03 serves several routes with one integration", async () => {
      expect(await routed(stage, { action: "answer" })).to.equal("answer");
      expect(await routed(stage, "no route")).to.equal("$default");
    });
  });

  on("selection", (stage) => {
    it("RT-01 selects by several values with text between them", async () => {
      expect(await routed(stage, { service: "svc", action: "answer" })).to.equal("svc/answer");
    });

    it("RT-03 treats a missing value as empty", async () => {
      expect(await routed(stage, { service: "svc" })).to.equal("svc/");
    });
  });

  on("unguarded", (stage) => {
    it("RT-01 selects by text without variables", async () => {
      expect(await routed(stage, "anything")).to.equal("answer");
    });
  });

  on("bare", (stage) => {
    it("RT-02 selects by a path into the message", async () => {
      expect(await routed(stage, { service: { do: "answer" } })).to.equal("answer");
    });

    it("RT-13 serves other routes without $default", async () => {
      expect(await responseTo(stage, { service: { do: "answer" } })).to.equal("response of answer");
      expect(await responseTo(stage, { service: { do: "unknown" } })).to.equal("Forbidden");
    });
  });

  on("models", (stage) => {
    const invalid = "Invalid request body";
    for (const [rule, message, outcome] of [
      [
        "accepts a message that matches the model",
        { action: "strict", kind: "counted", count: 1 },
        "response of strict",
      ],
      ["rejects a message that violates the model", { action: "strict", kind: "counted" }, invalid],
      ["rejects a message that selects no model", { action: "strict", kind: "unknown", count: 1 }, invalid],
      ["falls back to the model $default", { action: "lenient", kind: "unknown" }, "response of lenient"],
      ["accepts every message of a route without models", { action: "unknown" }, "response of $default"],
    ] as const) {
      it(`RT-20 ${rule}`, async () => {
        expect(await responseTo(stage, message)).to.equal(outcome);
      });
    }

    it("RT-21 reads models as JSON Schema draft 4, where exclusiveMinimum is a boolean", async () => {
      expect(await responseTo(stage, { action: "strict", kind: "counted", count: 0 })).to.equal(invalid);
    });

    it("RT-22 returns AWS's error frame for an invalid message, and calls no function", async () => {
      const key = newKey();
      const { client, connectionId } = await stage.join();
      client.send({ action: "strict", kind: "counted", order: { record: key } });
      const frame = await client.next();
      const [, requestId] = /"requestId":"([\w-]{15}=)"/.exec(frame) ?? [];
      const ids = `"connectionId":"${connectionId}", "requestId":"${requestId}"`;
      expect(frame).to.equal(`{"message": "Invalid request body", ${ids}}`);
      expect(await stage.recordsSoFar(key)).to.deep.equal([]);
    });
  });
});
