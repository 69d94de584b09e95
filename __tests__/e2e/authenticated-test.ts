import type { Emulator } from "@serverless-chat/emulator";
import { type Client, type ConnectOptions, connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { SKEW_SECONDS } from "../../authentication/verify-token.ts";
import { AUDIENCE, startTestIssuer, type TestIssuer } from "../support/issuer.ts";
import { startChat } from "../support/running-chat.ts";
import { synthesizedChat } from "../support/synthesized.ts";

describe("the chat with authenticated users", () => {
  let issuer: TestIssuer;
  let chat: Emulator;
  const clients: Client[] = [];
  before(async () => {
    issuer = await startTestIssuer("ES256");
    const authentication = { kind: "jwt", issuer: issuer.url, audience: AUDIENCE, closeAtTokenExpiry: true } as const;
    const allowedOrigins = ["https://chat.example.com"];
    chat = await startChat(synthesizedChat({ environment: { authentication, allowedOrigins } }));
  });
  after(async () => {
    await chat.stop();
    await issuer.stop();
  });
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

  /** A client with chat.v1. */
  async function enter(
    sub: string,
    { claims, ...options }: ConnectOptions & { claims?: object } = {},
  ): Promise<Client> {
    const token = await issuer.token({ claims: { sub, ...claims } });
    const client = await connect(`${chat.url}?token=${token}`, { subprotocols: ["chat.v1"], ...options });
    clients.push(client);
    return client;
  }
  /** The frames of a type that a client has received and not read yet. */
  const unread = async (client: Client, type: string) =>
    (await client.untilEcho()).map((text) => JSON.parse(text)).filter((frame) => frame.type === type);

  /** The next frame with these fields. Ignores other frames before it. */
  async function frameOf(client: Client, like: object): Promise<Record<string, unknown>> {
    for (;;) {
      const frame = JSON.parse(await client.next());
      if (Object.entries(like).every(([name, value]) => frame[name] === value)) return frame;
    }
  }

  it("rejects a browser on a page of another origin with a 403, even with a valid token", async () => {
    for (const origin of ["https://evil.example.com", "https://chat.example.com.evil.com", "null"]) {
      expect(await rejection(enter("anna", { origin })), origin).to.equal("Unexpected server response: 403");
    }
    await enter("anna", { origin: "https://chat.example.com" });
  });

  it("uses the user name of the token, regardless of the frame", async () => {
    const [anna, ben] = [await enter("anna"), await enter("ben")];
    anna.send({ message: "name", data: "ben", id: "n" });
    expect(await frameOf(anna, { type: "error" })).to.include({ code: "fixed-name" });
    anna.send({ message: "sendmessage", data: "hi", from: "ben", user: "ben" });
    expect(await frameOf(ben, { type: "message" })).to.include({ from: "anna" });
  });

  it("shows a user once, however many connections the user has", async () => {
    const ben = await enter("ben");
    const phone = await enter("clara");
    expect(await unread(ben, "joined")).to.deep.equal([{ type: "joined", channel: "lobby", user: "clara" }]);
    const laptop = await enter("clara");
    expect(await unread(ben, "joined")).to.deep.equal([]);
    ben.send({ message: "members" });
    expect(await frameOf(ben, { type: "members" }))
      .to.have.property("members")
      .with.members(["ben", "clara"]);
    await phone.close();
    await laptop.close();
    expect(await frameOf(ben, { type: "left", user: "clara" })).to.deep.include({ channel: "lobby" });
  });

  it("delivers a direct message to each connection of its user", async () => {
    const ben = await enter("ben");
    const [phone, laptop] = [await enter("dora"), await enter("dora")];
    ben.send({ message: "direct", to: "dora", data: "psst" });
    for (const client of [phone, laptop]) {
      expect(await frameOf(client, { type: "direct" })).to.include({ from: "ben", data: "psst" });
    }
  });

  it("closes a connection whose token has expired, at the next frame to it or from it", async () => {
    const soon = { exp: Math.floor(Date.now() / 1000) + 60 };
    const receivedBySilent: string[] = [];
    const [silent, talking, ben] = [
      await enter("eve", { claims: soon }),
      await enter("finn", { claims: soon }),
      await enter("ben"),
    ];
    silent.socket.on("message", (data) => receivedBySilent.push(String(data)));
    await chat.advance((60 + SKEW_SECONDS) * 1000);
    ben.send({ message: "sendmessage", data: "hello eve" });
    expect((await silent.closed).code).to.equal(1000);
    talking.send({ message: "history" });
    expect((await talking.closed).code).to.equal(1000);
    expect(receivedBySilent.join()).not.to.include("hello eve");
  });
});
