import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { connectMany } from "../../support/crowd.ts";
import { type RunningChat, runningChat } from "../../support/running-chat.ts";

describe("the chat with a crowd", () => {
  let chat: RunningChat;
  let clients: Client[] = [];
  before(async () => {
    chat = await runningChat();
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await chat.stop();
  });

  it("delivers one message to a thousand clients", async function () {
    // The stage admits a hundred handshakes a second, and each one is an invocation: slow on a busy machine.
    this.timeout(180_000);
    clients = await connectMany(chat.url, 1000);
    const [speaker] = clients as [Client];
    speaker.send({ message: "sendmessage", data: "to all of you" });
    expect(new Set(await Promise.all(clients.map((client) => client.next())))).to.deep.equal(
      new Set(["to all of you"]),
    );
  });
});
