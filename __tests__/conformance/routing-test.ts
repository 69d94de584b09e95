import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { soft } from "./soft.ts";
import { asking, newKey, on, type Stage } from "./stage.ts";

/** The key of the route that receives a message. */
async function routed(stage: Stage, message: string | object): Promise<string> {
  const client = await stage.connect();
  client.send(message);
  const { requestContext }: ProbeEvent = JSON.parse(await client.next());
  return requestContext.routeKey;
}

/** The gateway's own frame, or the function's answer: what says which of them came. */
async function heard(stage: Stage, message: object): Promise<string> {
  const client = await stage.connect();
  client.send(message);
  const { message: said, requestContext } = JSON.parse(await client.next());
  return said ?? `answered by ${requestContext.routeKey}`;
}

describe("conformance: routing", () => {
  on("main", (stage) => {
    it("RT-01 selects by one value of the message", async () => {
      expect(await routed(stage, '{"action":"answer"}')).to.equal("answer");
    });

    for (const action of ["Answer", "answer ", "ans", "*"]) {
      it(`RT-04 sends "${action}" to $default, for no route is spelled so`, async () => {
        expect(await routed(stage, { action })).to.equal("$default");
      });
    }

    for (const message of ["hello", "", "{", "action: answer"]) {
      it(`RT-05 sends ${JSON.stringify(message)}, which is no JSON, to $default`, async () => {
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
      soft(`RT-09 runs no ${action} for a message that names it`, async () => {
        expect(await routed(stage, { action })).to.equal("$default");
      });
    }

    it("IN-01 plays integrations of the type AWS_PROXY: the function gets the event, its result is the answer", async () => {
      const client = await stage.connect();
      client.send(asking("answer", { result: { statusCode: 200, body: "as it is" } }));
      expect(await client.next()).to.equal("as it is");
    });

    it("IN-03 serves several routes by one integration", async () => {
      expect(await routed(stage, { action: "answer" })).to.equal("answer");
      expect(await routed(stage, "no route")).to.equal("$default");
    });
  });

  on("selection", (stage) => {
    it("RT-01 selects by several values with text between them", async () => {
      expect(await routed(stage, { service: "svc", action: "answer" })).to.equal("svc/answer");
    });

    it("RT-03 takes a value that is not there for an empty one", async () => {
      expect(await routed(stage, { service: "svc" })).to.equal("svc/");
    });
  });

  on("unguarded", (stage) => {
    it("RT-01 selects by a text without values", async () => {
      expect(await routed(stage, "anything")).to.equal("answer");
    });
  });

  on("bare", (stage) => {
    it("RT-02 selects by a path into the message", async () => {
      expect(await routed(stage, { service: { do: "answer" } })).to.equal("answer");
    });

    it("RT-13 plays other routes without $default", async () => {
      expect(await heard(stage, { service: { do: "answer" } })).to.equal("answered by answer");
      expect(await heard(stage, { service: { do: "unknown" } })).to.equal("Forbidden");
    });
  });

  on("models", (stage) => {
    const invalid = "Invalid request body";
    for (const [rule, message, outcome] of [
      ["takes what the model allows", { action: "strict", kind: "counted", count: 1 }, "answered by strict"],
      ["refuses what the model forbids", { action: "strict", kind: "counted" }, invalid],
      ["refuses what selects no model", { action: "strict", kind: "unknown", count: 1 }, invalid],
      ["falls back to the model $default", { action: "lenient", kind: "unknown" }, "answered by lenient"],
      ["looks at no message of a route without models", { action: "unknown" }, "answered by $default"],
    ] as const) {
      it(`RT-20 ${rule}`, async () => {
        expect(await heard(stage, message)).to.equal(outcome);
      });
    }

    it("RT-21 reads models as JSON Schema draft 4, where exclusiveMinimum is a boolean", async () => {
      expect(await heard(stage, { action: "strict", kind: "counted", count: 0 })).to.equal(invalid);
    });

    it("RT-22 answers an invalid message byte for byte as AWS does, and calls no function", async () => {
      const key = newKey();
      const { client, connectionId } = await stage.join();
      client.send({ action: "strict", kind: "counted", order: { record: key } });
      const frame = await client.next();
      const [, requestId] = /"requestId":"([\w-]{15}=)"/.exec(frame) ?? [];
      const ids = `"connectionId":"${connectionId}", "requestId":"${requestId}"`;
      expect(frame).to.equal(`{"message": "Invalid request body", ${ids}}`);
      expect(await stage.recallNow(key)).to.deep.equal([]);
    });
  });
});
