import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { connectMany } from "../../support/crowd.ts";
import { type RunningChat, runningChat } from "../../support/running-chat.ts";

describe("the chat", () => {
  let chat: RunningChat;
  let clients: Client[] = [];
  const open = async () => {
    const client = await connect(chat.url);
    clients.push(client);
    return client;
  };
  before(async () => {
    chat = await runningChat();
  });
  after(() => chat.stop());
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    clients = [];
  });

  it("delivers a message to everybody, including the sender, as bare text", async () => {
    const [anna, ben] = [await open(), await open()];
    anna.send({ message: "sendmessage", data: "hello world" });
    expect([await anna.next(), await ben.next()]).to.deep.equal(["hello world", "hello world"]);
  });

  it("echoes any other text unchanged, only to its sender", async () => {
    const [anna, ben] = [await open(), await open()];
    for (const frame of ["Hello, world!", '{ "message" : "no route" }', "[1, 2]", "", "ünïcödé 🙂"]) {
      anna.send(frame);
      expect(await anna.next()).to.equal(frame);
    }
    expect(await ben.untilEcho()).to.deep.equal([]);
  });

  it("reports an invalid message to its sender only, and keeps the connection open", async () => {
    const [anna, ben] = [await open(), await open()];
    for (const [frame, code, detail] of [
      [{}, "malformed-frame", '"data" is missing.'],
      [{ data: 7 }, "malformed-frame", '"data" is 7; it must be a string of at most 16384 bytes.'],
      [
        { data: "x".repeat(16_385) },
        "data-too-long",
        '"data" is 16385 bytes long; it must be a string of at most 16384 bytes.',
      ],
    ] as const) {
      anna.send({ message: "sendmessage", ...frame });
      expect(JSON.parse(await anna.next())).to.deep.equal({ type: "error", code, detail, request: "sendmessage" });
    }
    expect(await anna.untilEcho()).to.deep.equal([]);
    expect(await ben.untilEcho()).to.deep.equal([]);
  });

  it("accepts a message of the maximum length", async () => {
    const anna = await open();
    const data = "é".repeat(8192);
    anna.send({ message: "sendmessage", data });
    expect(await anna.next()).to.equal(data);
  });

  it("sends nothing to a client that has disconnected", async () => {
    const [anna, ben] = [await open(), await open()];
    await ben.close();
    anna.send({ message: "sendmessage", data: "without ben" });
    expect(await anna.next()).to.equal("without ben");
  });

  it("serves all other clients if some vanish without a close frame", async () => {
    const anna = await open();
    const vanishing = await connectMany(chat.url, 20);
    for (const { socket } of vanishing) socket.terminate();
    anna.send({ message: "sendmessage", data: "who is left?" });
    expect(await anna.next()).to.equal("who is left?");
  });

  it("delivers one message to a hundred clients", async () => {
    clients = await connectMany(chat.url, 100);
    const [speaker] = clients as [Client];
    speaker.send({ message: "sendmessage", data: "to all of you" });
    expect(new Set(await Promise.all(clients.map((client) => client.next())))).to.deep.equal(
      new Set(["to all of you"]),
    );
  });
});
