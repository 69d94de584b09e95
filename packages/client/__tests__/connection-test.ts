import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { ManualClock } from "@serverless-chat/emulator/testing/manual-clock";
import { expect } from "chai";
import { WebSocket, WebSocketServer } from "ws";
import { Connection } from "../src/connection.ts";
import type { OutgoingFrame, Push } from "../src/wire.ts";

const ANSWER = 30_000;
const FRAME: OutgoingFrame = { message: "channels", id: "c-1" };
const answered = { type: "channels", id: "c-1", channels: ["lobby"] };
const broken = { message: "Internal server error", connectionId: "L0SM9cOFvHcCIhw=", requestId: "L0SM9F" };
const refused = (code: string) => ({ type: "error", code, detail: "No.", request: "channels", id: "c-1" });

describe("packages/client/connection", () => {
  let server: WebSocketServer;
  let clock: ManualClock;
  let pushed: Push[];
  let connection: Connection;
  let peer: WebSocket;
  beforeEach(async () => {
    server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    clock = new ManualClock();
    pushed = [];
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connected = once(server, "connection");
    const onPush = (frame: Push): void => void pushed.push(frame);
    connection = new Connection({
      address: { url },
      WebSocket,
      after: clock.after,
      timing: { answer: ANSWER },
      onPush,
    });
    [peer] = await connected;
    await connection.opened;
  });
  afterEach(async () => {
    connection.drop("the test is over");
    peer.terminate();
    server.close();
    await once(server, "close");
  });

  /** Lets the peer answer the next frame with each of these. */
  const answer = (...frames: object[]): void => {
    peer.once("message", () => {
      for (const frame of frames) peer.send(JSON.stringify(frame));
    });
  };

  it("offers chat.v1", () => {
    expect(peer.protocol).to.equal("chat.v1");
  });

  it("gives a frame its own answer, and reports frames that answer nothing", async () => {
    const joined: Push = { type: "joined", channel: "lobby", user: "ben" };
    answer(joined, { ...answered, id: "c-0" }, answered);
    expect(await connection.ask(FRAME)).to.deep.equal(answered);
    expect(pushed).to.deep.equal([joined]);
  });

  it("reports API Gateway's own error as an internal error of the chat", async () => {
    answer(broken);
    expect(await connection.ask(FRAME)).to.deep.equal({
      ...refused("internal"),
      detail: "Internal server error.",
    });
  });

  it("is lost if there is no answer within the timeout of an integration", async () => {
    const asked = connection.ask(FRAME);
    await once(peer, "message");
    clock.advance(ANSWER - 1);
    clock.advance(1);
    expect(await asked).to.equal(undefined);
    expect(await connection.lost).to.deep.equal({ reason: "the chat did not answer for 30 seconds" });
    expect(await connection.ask(FRAME)).to.equal(undefined);
  });

  it("reports why the other side closed it", async () => {
    const asked = connection.ask(FRAME);
    peer.close(1001, "Going away");
    expect(await connection.lost).to.deep.equal({ reason: "the chat closed the connection: 1001, Going away" });
    expect(await asked).to.equal(undefined);
  });

  it("is dropped if the chat does not know it", async () => {
    answer(refused("reconnect"));
    expect(await connection.ask(FRAME)).to.equal(undefined);
    expect(await connection.lost).to.deep.equal({ reason: "the chat does not know this connection" });
  });

  it("is dropped when its token has expired, so that the request is sent again with a new token", async () => {
    answer(refused("token-expired"));
    expect(await connection.ask(FRAME)).to.equal(undefined);
    expect(await connection.lost).to.deep.equal({ reason: "the token of this connection has expired" });
  });

  it("sends a close frame when it is closed", async () => {
    const closed = once(peer, "close");
    await connection.close();
    expect((await closed)[0]).to.equal(1000);
  });

  it("waits at most a second for the other side's close frame", async () => {
    peer.pause();
    const closing = connection.close();
    clock.advance(1000);
    await closing;
    expect(await connection.lost).to.deep.equal({ reason: "the client closed the connection" });
  });
});
