import { setTimeout } from "node:timers/promises";
import type { Emulator } from "@serverless-chat/emulator";
import { connect } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { type DyingChat, dyingChat } from "../support/dying-chat.ts";
import { type Network, startNetwork } from "../support/network.ts";
import { startChat } from "../support/running-chat.ts";
import { openSession, type RecordedOptions, type RecordedSession } from "../support/session.ts";

const DEADLY = "message 3";
const TEXTS = Array.from({ length: 6 }, (_, index) => `message ${index + 1}`);

describe("a sender whose function is killed after the store and before the delivery", () => {
  let dying: DyingChat;
  let chat: Emulator;
  let network: Network;
  const sessions: RecordedSession[] = [];
  beforeEach(async () => {
    dying = await dyingChat(DEADLY);
    chat = await startChat(dying.stackDirectory);
    network = await startNetwork(chat.url);
  });
  afterEach(async () => {
    // The message can be read from the history before the invocation ends.
    while (!dying.hasDied()) await setTimeout(10);
    await Promise.all(sessions.splice(0).map(({ session }) => session.close()));
    await network.stop();
    await chat.stop();
  });

  const open = async (url: string, own: RecordedOptions): Promise<RecordedSession> => {
    const recorded = await openSession({ url, ports: { random: () => 0.02 }, ...own });
    sessions.push(recorded);
    return recorded;
  };
  const textsOf = (user: RecordedSession): string[] => user.messages("lobby").map(({ data }) => data);
  const receivedAll = (user: RecordedSession): Promise<void> =>
    user.until(() => user.messages("lobby").length >= TEXTS.length);
  const send = ({ session }: RecordedSession, text: string) => session.send("lobby", text);

  it("delivers the message once and in order: to connected clients, to clients that were away, and to the sender", async () => {
    const users = [await open(chat.url, { name: "anna" }), await open(chat.url, {}), await open(network.url, {})];
    const [anna] = users as [RecordedSession];
    network.cut();
    for (const text of TEXTS) await send(anna, text);
    network.mend();
    await Promise.all(users.map(receivedAll));
    for (const user of users) expect(textsOf(user)).to.deep.equal(TEXTS);
  });

  it("delivers the message if the connection of the sender is lost as well", async () => {
    const ben = await open(chat.url, {});
    // Time enough for the chat to notice that she is gone, so that her name is free.
    const ports = { random: () => 0.5 };
    const anna = await open(network.url, { name: "anna", timing: { answer: 3000 }, ports });
    network.silence("answers");
    const sent = send(anna, DEADLY);
    await anna.nextState("offline");
    network.cut();
    network.mend();
    await sent;
    await Promise.all([anna, ben].map((user) => user.until(() => user.messages("lobby").length > 0)));
    for (const user of [anna, ben]) expect(textsOf(user)).to.deep.equal([DEADLY]);
  });

  it("leaves the message in the history if the sender never reconnects", async () => {
    const ben = await open(chat.url, { timing: { check: 500 } });
    const anna = await connect(chat.url);
    anna.send({ message: "sendmessage", data: DEADLY });
    await ben.until(() => ben.messages("lobby").length > 0);
    expect(textsOf(ben)).to.deep.equal([DEADLY]);
    await anna.close();
  });
});
