import { expect } from "chai";
import { messageFor, newKey, on, type ProbeClient, soft } from "./stage.ts";

/** Sends a message, and expects this error frame, byte for byte. Returns its request id. */
async function expectErrorFrame(
  { client, connectionId }: ProbeClient,
  message: string | object,
  text: string,
): Promise<string> {
  client.send(message);
  const frame = await client.next();
  const [, requestId = ""] = /"requestId":"([\w-]{15}=)"/.exec(frame) ?? [];
  expect(frame).to.equal(`{"message": "${text}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`);
  return requestId;
}

describe("conformance: error frames", () => {
  on("bare", (stage) => {
    const joined = async (): Promise<ProbeClient> => {
      const client = await stage.connect();
      client.send({ service: { do: "answer" } });
      return { client, connectionId: JSON.parse(await client.next()).requestContext.connectionId };
    };

    for (const message of ["hello", "", '{"service":{"do":"unknown"}}']) {
      it(`ER-01 returns Forbidden to ${JSON.stringify(message)}, which matches no route`, async () => {
        await expectErrorFrame(await joined(), message, "Forbidden");
      });
    }

    it("ER-02 returns Internal server error if API Gateway has no permission to invoke the function", async () => {
      await expectErrorFrame(await joined(), { service: { do: "unpermitted" } }, "Internal server error");
    });

    it("ER-08 keeps the connection open after any number of errors", async () => {
      const member = await joined();
      for (const message of ["one", "two", "three"]) await expectErrorFrame(member, message, "Forbidden");
    });
  });

  on("main", (stage) => {
    for (const order of [{ throws: "on request" }, { result: 7 }, { result: { body: "no status" } }]) {
      it(`ER-02 returns Internal server error if the outcome is ${JSON.stringify(order)}`, async () => {
        await expectErrorFrame(await stage.join(), messageFor("answer", order), "Internal server error");
      });
    }

    it("ER-03 returns Endpoint request timed out if the integration times out", async () => {
      const message = messageFor("hasty", { sleepMilliseconds: 3000 });
      await expectErrorFrame(await stage.join(), message, "Endpoint request timed out");
    });

    it("ER-07 sends errors also on a route without a route response", async () => {
      await expectErrorFrame(
        await stage.join(),
        messageFor("silent", { throws: "on request" }),
        "Internal server error",
      );
    });

    it("ER-08 keeps the connection open after an error of the function", async () => {
      const member = await stage.join();
      await expectErrorFrame(member, messageFor("answer", { throws: "on request" }), "Internal server error");
      await stage.request(member.client, {});
    });

    soft("ER-09 returns the request id of the function that failed", async () => {
      const key = newKey();
      const message = messageFor("silent", { record: key, throws: "on request" });
      const requestId = await expectErrorFrame(await stage.join(), message, "Internal server error");
      expect((await stage.records(key))[0].event.requestContext.requestId).to.equal(requestId);
    });

    soft("ER-10 lets a function continue after the integration timeout, and push", async () => {
      const member = await stage.join();
      const calls = [{ method: "POST", data: "late" }];
      await expectErrorFrame(
        member,
        messageFor("hasty", { sleepMilliseconds: 1500, calls }),
        "Endpoint request timed out",
      );
      expect(await member.client.next()).to.equal("late");
    });
  });

  on("models", (stage) => {
    it("ER-04 returns Invalid request body to a message that violates the model", async () => {
      await expectErrorFrame(await stage.join(), { action: "strict", kind: "counted" }, "Invalid request body");
    });
  });

  on("bucket", (stage) => {
    soft("ER-05 returns Too Many Requests to messages beyond the route's throttle", async () => {
      const { client, connectionId } = await stage.join();
      for (let messages = 0; messages < 20; messages += 1) client.send(messageFor("rationed"));
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
    soft("ER-06 returns Internal server error if Lambda throttles the function", async () => {
      const client = await stage.connect();
      client.send("hello");
      expect(await client.next()).to.match(/^{"message": "Internal server error", "connectionId":"/);
    });
  });
});
