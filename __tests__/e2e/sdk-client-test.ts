import { readFileSync } from "node:fs";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { unzipSync } from "fflate";
import type { ServerFrame } from "../../chat/protocol/client-frames.ts";
import { routes, workers } from "../../handlers/routes.ts";
import { type Bundle, bundle } from "../../infra/bundle.ts";
import { type EmulatedChat, startChat } from "../support/running-chat.ts";
import { bundles, synthesizedChat } from "../support/synthesized.ts";

/** Bundles as `TABLE_CLIENT=sdk` makes them. */
function sdkBundles(): ReadonlyMap<string, Bundle> {
  const entries = [...routes, ...workers].map(({ entry }) => entry);
  return bundle({ folder: "handlers", entries, tableClient: "sdk" }, temporaryDirectory());
}

/** The frames of a type until the next one of that type, as JSON. */
async function next(client: Client, type: ServerFrame["type"]): Promise<Record<string, unknown>> {
  for (;;) {
    const frame = JSON.parse(await client.next());
    if (frame.type === type) return frame;
  }
}

describe("the chat with the SDK's client of DynamoDB", () => {
  let made: ReadonlyMap<string, Bundle>;
  let chat: EmulatedChat;
  before(async () => {
    made = sdkBundles();
    chat = await startChat(synthesizedChat({ bundles: new Map([...bundles(), ...made]) }));
  });
  // It rejects if a role does not allow a request of the client.
  after(() => chat.stop());

  it("has the SDK in the bundles", () => {
    const archive = readFileSync(made.get("send-message")?.archivePath ?? "");
    expect(String(Buffer.from(unzipSync(archive)["index.mjs"] ?? []))).to.include("aws-sdk-js");
  });

  it("stores, delivers and repeats messages, and lists members, names and history", async () => {
    const [anna, ben] = [
      await connect(chat.url, { subprotocols: ["chat.v1"] }),
      await connect(chat.url, { subprotocols: ["chat.v1"] }),
    ];
    for (const client of [anna, ben]) {
      client.send({ message: "join", channel: "ops", id: "j" });
      await next(client, "ack");
    }
    const message = { message: "sendmessage", channel: "ops", data: "hello", id: "m" };
    anna.send(message);
    const { message: id } = await next(anna, "ack");
    expect(await next(ben, "message")).to.include({ id, data: "hello" });
    anna.send(message);
    expect(await next(anna, "ack")).to.include({ message: id });
    ben.send({ message: "name", data: "Ben", id: "n" });
    await next(ben, "ack");
    anna.send({ message: "members", channel: "ops" });
    expect((await next(anna, "members")).members)
      .to.include("Ben")
      .and.to.have.length(2);
    await ben.close();
    expect(await next(anna, "left")).to.include({ user: "Ben" });
    anna.send({ message: "history", channel: "ops" });
    expect(await next(anna, "history"))
      .to.have.property("messages")
      .that.has.length(1);
    await anna.close();
  });
});
