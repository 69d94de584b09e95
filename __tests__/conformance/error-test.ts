import { expect } from "chai";
import { soft } from "./soft.ts";
import { asking, type Member, newKey, on } from "./stage.ts";

/** Sends a message, and expects the gateway's own frame, byte for byte. Gives the request id in it. */
async function expectError({ client, connectionId }: Member, message: string | object, text: string): Promise<string> {
  client.send(message);
  const frame = await client.next();
  const [, requestId = ""] = /"requestId":"([\w-]{15}=)"/.exec(frame) ?? [];
  expect(frame).to.equal(`{"message": "${text}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`);
  return requestId;
}

describe("conformance: error frames", () => {
  on("bare", (stage) => {
    const joined = async (): Promise<Member> => {
      const client = await stage.connect();
      client.send({ service: { do: "answer" } });
      return { client, connectionId: JSON.parse(await client.next()).requestContext.connectionId };
    };

    for (const message of ["hello", "", '{"service":{"do":"unknown"}}']) {
      it(`ER-01 says Forbidden to ${JSON.stringify(message)}, which no route takes`, async () => {
        await expectError(await joined(), message, "Forbidden");
      });
    }

    it("ER-02 says Internal server error when API Gateway may not invoke the function", async () => {
      await expectError(await joined(), { service: { do: "unpermitted" } }, "Internal server error");
    });

    it("ER-08 keeps the connection through any number of errors", async () => {
      const member = await joined();
      for (const message of ["one", "two", "three"]) await expectError(member, message, "Forbidden");
    });
  });

  on("main", (stage) => {
    for (const order of [{ throws: "as you wish" }, { result: 7 }, { result: { body: "no status" } }]) {
      it(`ER-02 says Internal server error when the outcome is ${JSON.stringify(order)}`, async () => {
        await expectError(await stage.join(), asking("answer", order), "Internal server error");
      });
    }

    it("ER-03 says Endpoint request timed out when the integration takes too long", async () => {
      const message = asking("hasty", { sleepMilliseconds: 3000 });
      await expectError(await stage.join(), message, "Endpoint request timed out");
    });

    it("ER-07 sends its errors without a route response, too", async () => {
      await expectError(await stage.join(), asking("silent", { throws: "as you wish" }), "Internal server error");
    });

    it("ER-08 keeps the connection after a function's error", async () => {
      const member = await stage.join();
      await expectError(member, asking("answer", { throws: "as you wish" }), "Internal server error");
      await stage.ask(member.client, {});
    });

    soft("ER-09 names the request whose function failed", async () => {
      const key = newKey();
      const message = asking("silent", { record: key, throws: "as you wish" });
      const requestId = await expectError(await stage.join(), message, "Internal server error");
      expect((await stage.recall(key))[0].event.requestContext.requestId).to.equal(requestId);
    });

    soft("ER-10 lets a function go on after its time is up, and call back", async () => {
      const member = await stage.join();
      const calls = [{ method: "POST", data: "late" }];
      await expectError(member, asking("hasty", { sleepMilliseconds: 1500, calls }), "Endpoint request timed out");
      expect(await member.client.next()).to.equal("late");
    });
  });

  on("models", (stage) => {
    it("ER-04 says Invalid request body where the model forbids the message", async () => {
      await expectError(await stage.join(), { action: "strict", kind: "counted" }, "Invalid request body");
    });
  });

  on("bucket", (stage) => {
    soft("ER-05 says Too Many Requests to a message beyond the route's throttle", async () => {
      const { client, connectionId } = await stage.join();
      for (let messages = 0; messages < 20; messages += 1) client.send(asking("rationed"));
      const frames: string[] = [];
      while (frames.length < 20) frames.push(await client.next());
      const refused = frames.filter((frame) => frame.startsWith('{"message": "Too Many Requests"'));
      expect(refused).to.have.length.within(10, 19);
      expect(refused[0]).to.match(
        new RegExp(`^{"message": "Too Many Requests", "connectionId":"${connectionId}", "requestId":"[\\w-]{15}="}$`),
      );
    });
  });

  on("frozen", (stage) => {
    soft("ER-06 says Internal server error when Lambda throttles the function", async () => {
      const client = await stage.connect();
      client.send("anybody there?");
      expect(await client.next()).to.match(/^{"message": "Internal server error", "connectionId":"/);
    });
  });
});
