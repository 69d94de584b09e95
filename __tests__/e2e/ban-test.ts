import type { Client } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { answerTo, type SignedInChat, startSignedInChat, unreadFrames } from "../support/signed-in-chat.ts";

const FORBIDDEN = "Unexpected server response: 403";

describe("a ban", () => {
  let chat: SignedInChat;
  let mona: Client;
  const clients: Client[] = [];
  before(async () => {
    chat = await startSignedInChat({ moderators: ["moderators"], messageRate: { perSecond: 100, burst: 100 } });
    mona = await enter("mona", ["moderators"]);
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await chat.stop();
  });

  async function enter(user: string, groups?: readonly string[]): Promise<Client> {
    const client = await chat.enter(user, groups);
    clients.push(client);
    return client;
  }

  it("notifies the user, closes each connection, and keeps the user out until it is lifted", async () => {
    const bens = [await enter("ben"), await enter("ben")];
    await unreadFrames(mona);
    expect(await answerTo(mona, { message: "ban", user: "ben" })).to.include({ type: "ack", request: "ban" });
    for (const ben of bens) {
      expect(JSON.parse(await ben.next())).to.deep.equal({ type: "banned", by: "mona" });
      expect((await ben.closed).code).to.equal(1000);
    }
    for (let attempt = 0; attempt < 3; attempt += 1) expect(await rejection(enter("ben"))).to.equal(FORBIDDEN);
    expect(await answerTo(mona, { message: "members" })).to.deep.include({ members: ["mona"] });

    expect(await answerTo(mona, { message: "unban", user: "ben" })).to.include({ type: "ack", request: "unban" });
    expect(await answerTo(await enter("ben"), { message: "sendmessage", data: "Thank you." })).to.include({
      type: "ack",
    });
  });

  it("ends by itself", async () => {
    await answerTo(mona, { message: "ban", user: "eve", seconds: 2 });
    expect(await rejection(enter("eve"))).to.equal(FORBIDDEN);
    for (;;) {
      const eve = await enter("eve").catch((fault) => fault as Error);
      if (!(eve instanceof Error)) break;
      expect(eve.message).to.equal(FORBIDDEN);
    }
  });

  it("is refused for users who are not moderators", async () => {
    const max = await enter("max", ["staff"]);
    for (const message of ["ban", "unban"]) {
      expect(await answerTo(max, { message, user: "mona" })).to.include({ type: "error", code: "not-allowed" });
    }
    expect(await answerTo(mona, { message: "members" })).to.have.property("type", "members");
  });
});
