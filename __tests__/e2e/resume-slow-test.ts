import type { Emulator } from "@serverless-chat/emulator";
import { expectCaughtUp, type NetworkUsers, networkUsers } from "../support/network-users.ts";
import { startChat } from "../support/running-chat.ts";

describe("a session whose network breaks for 500 messages", () => {
  let chat: Emulator;
  let users: NetworkUsers;
  before(async () => {
    chat = await startChat();
    users = networkUsers(chat.url);
  });
  after(async () => {
    await users.close();
    await chat.stop();
  });

  it("receives each of them, once and in order", async function () {
    // Each message is acknowledged before the next one is sent: slow on a busy machine.
    this.timeout(180_000);
    await expectCaughtUp(users, { url: chat.url, count: 500 });
  });
});
