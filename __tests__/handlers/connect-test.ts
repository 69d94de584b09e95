import "../support/function-environment.ts";
import { expect } from "chai";
import { connectLambda } from "../../handlers/connect.ts";
import { aContext, anEvent, NOON } from "../support/builders.ts";
import { captureLogs } from "../support/captured-logs.ts";
import { aChat, type Chat } from "../support/chat.ts";

const sourceIp = "192.0.2.1";

describe("handlers/connect", () => {
  const log = captureLogs();

  const handshake = (chat: Chat, own: Parameters<typeof anEvent>[0] = {}) =>
    connectLambda(chat)(
      anEvent({ routeKey: "$connect", connectionId: "c", connectedAt: NOON, identity: { sourceIp }, ...own }),
      aContext(),
    );

  it("accepts a guest, and selects the subprotocol among those that are offered", async () => {
    expect(await handshake(aChat())).to.deep.equal({ statusCode: 200 });
    const headers = { "Sec-WebSocket-Protocol": "other, chat.v1" };
    expect(await handshake(aChat(), { headers })).to.deep.equal({
      statusCode: 200,
      headers: { "Sec-WebSocket-Protocol": "chat.v1" },
    });
  });

  it("takes the identity from the authorizer", async () => {
    const chat = aChat({ authentication: "jwt" });
    const authorizer = { principalId: "anna", user: "anna", groups: '["staff"]', expiresAt: String(NOON + 60_000) };
    await handshake(chat, { authorizer });
    expect(await chat.stored({ id: "c" })).to.deep.include({
      user: "anna",
      groups: ["staff"],
      expiresAt: NOON + 60_000,
    });
  });

  it("takes the identity from the signature with IAM authentication", async () => {
    const chat = aChat({ authentication: "iam" });
    const userArn = "arn:aws:iam::000000000000:user/anna";
    await handshake(chat, { identity: { userArn, sourceIp } });
    expect(await chat.stored({ id: "c" })).to.include({ user: userArn });
  });

  it("fails without an identity in environments with authentication", async () => {
    for (const authentication of ["cognito", "jwt", "iam"] as const) {
      const chat = aChat({ authentication });
      expect(await handshake(chat), authentication).to.deep.equal({ statusCode: 500 });
      expect(log.error.lastCall.args[0].fault).to.include("API Gateway accepted");
      expect(chat.size()).to.equal(0);
    }
  });

  it("ignores an authorizer's context in environments without authentication", async () => {
    const chat = aChat();
    await handshake(chat, { authorizer: { user: "anna", groups: "[]" } });
    expect((await chat.stored({ id: "c" })).user).to.equal("guest-abc234");
  });

  it("answers 403 to another origin, 429 at a limit, and logs why", async () => {
    const origin = "https://evil.example.com";
    const elsewhere = aChat({ allowedOrigins: ["https://chat.example.com"] });
    expect(await handshake(elsewhere, { headers: { origin } })).to.deep.equal({ statusCode: 403 });
    expect(log.info.lastCall.args[0]).to.include({ refused: "origin" });
    const full = aChat({ connectionsPerAddressMax: 0 });
    expect(await handshake(full)).to.deep.equal({ statusCode: 429 });
    expect(log.info.lastCall.args[0]).to.include({ refused: "connections of the address" });
  });
});
