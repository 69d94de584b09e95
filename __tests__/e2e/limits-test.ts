import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { answerTo, type SignedInChat, startSignedInChat } from "../support/signed-in-chat.ts";

const TOO_MANY = "Unexpected server response: 429";

describe("the chat with limits for each client", () => {
  let chat: SignedInChat;
  before(async () => {
    chat = await startSignedInChat({
      messageRate: { perSecond: 1, burst: 5 },
      connectionsPerUserMax: 2,
      connectionsPerAddressMax: 4,
    });
  });
  after(() => chat.stop());

  const clients: Client[] = [];
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
  async function enter(user: string): Promise<Client> {
    const client = await chat.enter(user);
    clients.push(client);
    return client;
  }
  /** Connects with retries, because a closed connection counts until `$disconnect` has run. */
  async function enterWithRetry(user: string): Promise<Client> {
    for (;;) {
      const client = await enter(user).catch((fault) => fault as Error);
      if (!(client instanceof Error)) return client;
      expect(client.message).to.equal(TOO_MANY);
    }
  }

  it("reports to a client that it sends too much", async () => {
    const anna = await enter("anna");
    const answers: unknown[] = [];
    while (answers.at(-1) !== "too-many-messages") answers.push((await answerTo(anna, { message: "members" })).code);
    expect(answers).to.have.length.above(5);
  });

  it("continues to count the frames of a user who reconnects, and counts other users separately", async () => {
    const codes: unknown[] = [];
    const requestAs = async (user: string) => {
      const client = await enterWithRetry(user);
      for (let sent = 0; sent < 3 && codes.at(-1) !== "too-many-messages"; sent += 1) {
        codes.push((await answerTo(client, { message: "members" })).code);
      }
      await client.close();
    };
    while (!codes.includes("too-many-messages") && codes.length < 60) await requestAs("ines");
    expect(codes).to.include("too-many-messages");
    codes.length = 0;
    await requestAs("jana");
    expect(codes).to.deep.equal([undefined, undefined, undefined]);
  });

  it("closes the connection of a client that continues", async () => {
    const anna = await enterWithRetry("kira");
    const received: string[] = [];
    anna.socket.on("message", (data) => received.push(String(data)));
    for (let sent = 0; sent < 40; sent += 1) anna.send({ message: "members" });
    expect((await anna.closed).code).to.equal(1000);
    expect(received.filter((text) => text.includes('"type":"members"'))).to.have.length.below(40);
  });

  it("rejects a user's third connection until another one is closed", async () => {
    const [first] = [await enter("ben"), await enter("ben")];
    expect(await rejection(enter("ben"))).to.equal(TOO_MANY);
    await first.close();
    await enterWithRetry("ben");
  });

  it("rejects the fifth connection from an address, whoever the user is", async () => {
    await enterWithRetry("clara");
    for (const user of ["dora", "emil", "fred"]) await enterWithRetry(user);
    expect(await rejection(enter("gina"))).to.equal(TOO_MANY);
  });

  it("does not count rejected handshakes", async () => {
    await enterWithRetry("hugo");
    await enterWithRetry("hugo");
    for (let tries = 0; tries < 3; tries += 1)
      expect(await rejection(connect(await chat.urlOf("hugo")))).to.equal(TOO_MANY);
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await enterWithRetry("hugo");
  });
});
